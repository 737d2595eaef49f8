import path from "node:path";
import { guestCommand } from "../../core/isolation/guest-command.ts";
import { GuestProcess } from "../../core/isolation/guest-process.ts";
import { isolationOf } from "../../core/isolation/isolation-mode.ts";
import { HookTable } from "../../core/plugins/hooks.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import type { EvaluationTable } from "../../core/runner/evaluation-table.ts";
import { executeGuestBatch } from "../../core/runner/guest-batch.ts";
import { planRuns } from "../../core/runner/plan.ts";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import { findProgram } from "../helpers/program.ts";

/** Round trips a second between the harness and a method in a process of its own. */
export interface GuestFigure {
  readonly name: string;
  /** With 25 runs in progress at once. */
  readonly interleaved: number;
  /** With one run at a time. */
  readonly single: number;
  readonly ratio: number;
  readonly smallestRatio: number;
}

const REPOSITORY = path.join(import.meta.dirname, "../..");
const MEMORY_MB = 1024;
const ROUND_TRIPS = 100_000;
const RUNS = 25;
const SMALLEST_RATIO = 1.5;

async function roundTripsPerSecond(method: string, runs: number, protocol: Protocol, table: EvaluationTable) {
  const plugin = { ...locateAlgorithm(method), origin: "path" as const };
  const { guest } = isolationOf(plugin, "auto", MEMORY_MB);
  if (guest === null) throw new Error("a method without a process");
  const command = guestCommand(plugin, guest);
  const [search] = protocol.searches as [ProtocolSearch];
  const limit = ROUND_TRIPS / runs;
  const inputs = planRuns(protocol, [plugin.manifest.name], runs).map((run) => ({
    run: { ...run, protocol: protocol.id },
    seed: run.seed,
    search: { ...search, budget: { kind: "evaluations" as const, limit, crossing: "reject" as const } },
    table,
    options: resolveOptions(plugin.manifest, protocol),
    hooks: new HookTable(),
  }));
  let start = 0;
  let evaluations = 0;
  let end = 0;
  await executeGuestBatch(inputs, {
    launch: (events) => {
      const process = new GuestProcess(command, MEMORY_MB, events);
      // The start of a process is paid once for 25 runs; what is measured here is paid for each evaluation.
      process.ready.then(() => {
        start = performance.now();
      });
      return process;
    },
    limitSeconds: 300,
    onFinished: (_, { trace, failure }) => {
      if (failure !== null) throw new Error(failure.what);
      evaluations += trace.length;
      end = performance.now();
    },
  });
  return (1000 * evaluations) / (end - start);
}

/** Measures random search as a Node plugin and, where there is a python3, in Python. */
export async function guestFigures(protocol: Protocol, table: EvaluationTable): Promise<GuestFigure[]> {
  const methods = [
    ["random search, Node", "rs"],
    ...(findProgram("python3") === null
      ? []
      : [["random search, Python", path.join(REPOSITORY, "clients/python/examples/random-search")]]),
  ] as [string, string][];
  const figures: GuestFigure[] = [];
  for (const [name, method] of methods) {
    const single = await roundTripsPerSecond(method, 1, protocol, table);
    const interleaved = await roundTripsPerSecond(method, RUNS, protocol, table);
    figures.push({ name, interleaved, single, ratio: interleaved / single, smallestRatio: SMALLEST_RATIO });
  }
  return figures;
}
