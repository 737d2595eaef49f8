/**
 * A process that loads plugins natively, as the harness does (vitest would load them itself). Its argument is a list of
 * tasks in JSON; it prints a list of outcomes in JSON. Each task is a folder of an algorithm, which is loaded and asked
 * once, or the file of an extension, which is applied and whose `proposed` hook is then called.
 */
import { HarnessError } from "../../core/errors/harness-error.ts";
import type { AlgorithmContext } from "../../core/plugins/algorithm.ts";
import { NO_CONSTRAINTS } from "../../core/plugins/constraints.ts";
import { HookTable } from "../../core/plugins/hooks.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { applyExtensions, loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { Random } from "../../core/random/random.ts";
import { NAS_BENCH_201_SPACE } from "../../core/space/space.ts";

/** What is to be loaded. */
export type LoadTask = { readonly algorithm: string; readonly from?: string } | { readonly extension: string };

/** What came of it: the first proposal or the refusal, or the error as plain data. */
export interface LoadOutcome {
  readonly value?: unknown;
  readonly code?: string;
  readonly what?: string;
  readonly where?: string;
  readonly allowed?: string;
}

async function load(task: LoadTask): Promise<unknown> {
  if ("extension" in task) {
    const hooks = new HookTable();
    await applyExtensions([task.extension], hooks);
    const run = { protocol: "nas-bench-201", search: "cifar10", method: "rs", runIndex: 0 };
    return hooks.refusalOf({ run, proposal: { architecture: 6111, epochs: 12 } }) ?? null;
  }
  const plugin = locateAlgorithm(task.algorithm, task.from);
  const algorithm = await loadAlgorithm(plugin);
  const context: AlgorithmContext = {
    space: NAS_BENCH_201_SPACE,
    constraints: NO_CONSTRAINTS,
    random: new Random("1".repeat(32)),
    fidelities: [12],
    maxEpochs: 12,
    budget: { kind: "simulated-ms", limit: 12_000_000, affords: () => true },
    options: resolveOptions(plugin.manifest, { id: "nas-bench-201" }),
    protocol: { id: "nas-bench-201", search: "cifar10", dataset: "cifar10-valid" },
  };
  return algorithm.create(context).ask();
}

const outcomes: LoadOutcome[] = [];
for (const task of JSON.parse(process.argv[2] ?? "[]") as LoadTask[]) {
  try {
    outcomes.push({ value: await load(task) });
  } catch (error) {
    outcomes.push(
      error instanceof HarnessError ? error.toReport() : { code: "not a HarnessError", what: String(error) },
    );
  }
}
process.stdout.write(JSON.stringify(outcomes));
