/**
 * Run as a program it prints, in JSON, the first epochs of run 0 of every method that trains, under the protocol
 * fashion-mnist-8x8 with its own settings. Arguments: number of epochs.
 */
import { resolveOptions } from "../../core/plugins/options.ts";
import { builtInMethods, locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { openTableForProtocol } from "../../core/records/session.ts";
import { trainedSearches } from "../../core/records/training-session.ts";
import { needsTraining, planRuns } from "../../core/runner/plan.ts";
import { executeTrainings } from "../../core/runner/pool.ts";
import type { TrainerSetup } from "../../core/runner/trainer-messages.ts";

const PROTOCOL = "fashion-mnist-8x8";

/** Methods that train. */
export const TRAINING_METHODS: readonly string[] = builtInMethods().filter((name) =>
  needsTraining(locateAlgorithm(name).manifest),
);

/** By method, the first epochs of run 0: architecture, simulated ms, SHA-256 of the weights and of the parameters. */
export async function trainingPrefixes(mostEpochs: number): Promise<Record<string, unknown>> {
  const protocol = loadProtocol(PROTOCOL);
  const sources = { dataFolder: null, isolation: "auto", memoryLimitMb: 1024 } as const;
  const searches = await trainedSearches(protocol, openTableForProtocol(protocol, undefined), sources);
  const prefixes: Record<string, unknown> = {};
  const methods = TRAINING_METHODS.map((method) => {
    const { folder, manifest } = locateAlgorithm(method);
    return { method, folder, entry: manifest.entry as string, options: resolveOptions(manifest, protocol), key: "" };
  });
  const setup: TrainerSetup = {
    ...{ type: "setup", protocol: PROTOCOL, limitMs: protocol.trainingBudget, backend: "wasm" },
    ...{ isApart: false, hasTraps: false, mostEpochs, methods, searches },
  };
  await executeTrainings(planRuns(protocol, TRAINING_METHODS, 1), setup, {
    jobs: 2,
    runLimitSeconds: 600,
    onFinished: ({ run, outcome }) => {
      prefixes[run.method] = outcome.failure ?? outcome.training?.epochs;
    },
  });
  return Object.fromEntries(TRAINING_METHODS.map((method) => [method, prefixes[method]]));
}

if (import.meta.main) process.stdout.write(JSON.stringify(await trainingPrefixes(Number(process.argv[2]))));
