import { readFileSync } from "node:fs";
import { type BackendName, openBackend, wasmBackend } from "../backend.ts";
import { openOperations } from "../backend-operations.ts";
import { sha256Of } from "../idx-file.ts";
import { KERNELS_FILE } from "../kernels/kernel-module.ts";
import type { Operations } from "../operations.ts";
import {
  COMPARED_CELLS,
  type Course,
  courseOf,
  type Differences,
  differencesOf,
  partsOutOfTolerance,
  TOLERANCES,
} from "./backend-comparison.ts";
import { type Check, failedCheck } from "./check.ts";
import { GOLDEN_STEPS, GOLDEN_TRAINING, goldenTraining } from "./golden-training.ts";
import { trainingSpeed } from "./training-speed.ts";

const REPORT = "report this machine and this output: what is trained here can't be compared with other machines";

/** A check's outcome; its name and whether it is needed are the same however it ends. */
type Outcome = Omit<Check, "name" | "needed">;

function shown(differences: Differences): string {
  return (["loss", "gradients", "weights"] as const)
    .map((part) => `${part} ${differences[part].toExponential(1)} of ${TOLERANCES[part].toExponential(0)}`)
    .join(", ");
}

function compare(courses: readonly Course[], reference: readonly Course[]): Outcome {
  const differences = differencesOf(courses, reference);
  const outside = partsOutOfTolerance(differences);
  const facts = { cells: COMPARED_CELLS, differences, tolerances: TOLERANCES };
  const says = `off the cpu backend by at most: ${shown(differences)}`;
  if (outside.length === 0) return { status: "ok", says, facts };
  return { status: "failed", says: `${outside.join(", ")} out of tolerance; ${says}`, next: REPORT, facts };
}

function compareWithGolden(operations: Operations): Outcome {
  const { weightsSha256 } = goldenTraining(operations);
  const expected = GOLDEN_TRAINING.weightsSha256;
  const facts = { weightsSha256, expected };
  if (weightsSha256 === expected) {
    return {
      status: "ok",
      says: `${GOLDEN_STEPS} steps give the weights ${expected.slice(0, 12)}, bit for bit`,
      facts,
    };
  }
  const says = `${GOLDEN_STEPS} steps give the weights ${weightsSha256.slice(0, 12)}, not ${expected.slice(0, 12)}`;
  return { status: "failed", says, next: REPORT, facts };
}

function measureSpeed(operations: Operations): Outcome {
  const speed = trainingSpeed(operations);
  const { imagesPerSecond, architecture, shape, batchSize } = speed;
  const rate = Number(imagesPerSecond.toPrecision(2));
  const { imageSize, channels } = shape;
  const what = `median cell ${architecture}, ${imageSize}x${imageSize} pixels, ${channels} channels, batches of ${batchSize}`;
  return { status: "ok", says: `trains about ${rate} images/s: ${what}`, facts: { ...speed } };
}

async function start(name: BackendName): Promise<Outcome> {
  const { tf } = await openBackend(name);
  if (name === "wasm") {
    wasmBackend(tf);
    const simd = tf.env().getBool("WASM_HAS_SIMD_SUPPORT");
    const says = `starts ${simd ? "with" : "WITHOUT"} SIMD and gives its memory; trains tables and records`;
    return { status: "ok", says, facts: { simd } };
  }
  const { isUsingGpuDevice: gpu = false } = tf.backend() as { isUsingGpuDevice?: boolean };
  return { status: "ok", says: `starts, on a ${gpu ? "GPU" : "CPU"}; for train --backend ${name}`, facts: { gpu } };
}

async function loadKernels(): Promise<Outcome> {
  await openOperations("wasm");
  const bytes = readFileSync(KERNELS_FILE);
  const facts = { file: KERNELS_FILE, bytes: bytes.length, sha256: sha256Of(bytes) };
  return { status: "ok", says: `kernels.wasm loads (${bytes.length} bytes)`, facts };
}

async function compareWithReference(name: BackendName): Promise<Outcome> {
  const courses = async (backend: BackendName) => {
    const operations = await openOperations(backend);
    return COMPARED_CELLS.map((cell) => courseOf(operations, cell));
  };
  const reference = await courses("cpu");
  return compare(await courses(name), reference);
}

/**
 * Checks a backend in this process: that it starts, agrees with the cpu backend, and how fast it is; of wasm besides the
 * kernels and the golden training. If it does not start or its kernels do not load, nothing further is checked.
 * @param report called with each check as soon as it ends
 */
export async function checkBackend(name: BackendName, report: (check: Check) => void): Promise<void> {
  const needed = name === "wasm";
  const passes = async (check: string, action: () => Outcome | Promise<Outcome>) => {
    let result: Check;
    try {
      result = { name: check, needed, ...(await action()) };
    } catch (thrown) {
      result = failedCheck(check, needed, thrown);
    }
    report(result);
    return result.status === "ok";
  };
  const suffix = needed ? "" : ` ${name}`;
  if (!(await passes(`backend ${name}`, () => start(name)))) return;
  if (needed && !(await passes("kernels", loadKernels))) return;
  await passes(`agreement${suffix}`, () => compareWithReference(name));
  if (needed) await passes("golden training", async () => compareWithGolden(await openOperations(name)));
  await passes(`speed${suffix}`, async () => measureSpeed(await openOperations(name)));
}
