import os from "node:os";
import { harnessVersion } from "../files/package-version.ts";
import { tfjsVersion } from "../training/backend.ts";

/** What `doctor` says of the machine and of the versions. */
export interface Machine {
  readonly harness: string;
  readonly node: string;
  /** For example `linux`, and `x64`. */
  readonly platform: string;
  readonly architecture: string;
  /** The processor's model name. */
  readonly cpu: string;
  /** Processes that run at once. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  /** null if it is not installed. */
  readonly tfjs: string | null;
}

const BYTES_PER_GIB = 1_073_741_824;

/** Looks at the machine that this process runs on. */
export function describeMachine(): Machine {
  return {
    harness: harnessVersion(),
    node: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    cpu: os.cpus()[0]?.model.trim() ?? "unknown processor",
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    freeMemoryBytes: os.freemem(),
    tfjs: tfjsVersion(),
  };
}

/** Two lines for a person. */
export function formatMachine(machine: Machine): string {
  const { harness, node, platform, architecture, cpu, cores, memoryBytes, freeMemoryBytes, tfjs } = machine;
  const gib = (bytes: number) => `${(bytes / BYTES_PER_GIB).toFixed(1)} GiB`;
  return [
    `nas-harness ${harness}, Node.js ${node}, TensorFlow.js ${tfjs ?? "is not installed"}, ${platform} ${architecture}`,
    `${cpu}, cores: ${cores}, memory: ${gib(memoryBytes)} (${gib(freeMemoryBytes)} free)`,
  ].join("\n");
}
