import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { type GuestSettings, guestCommand } from "../isolation/guest-command.ts";
import { GuestProcess } from "../isolation/guest-process.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import type { RunInputs, RunOutcome } from "../runner/active-run.ts";
import { executeGuestBatch } from "../runner/guest-batch.ts";

/** Wall-clock limit of a run on a made-up benchmark, in seconds. */
export const RUN_LIMIT_SECONDS = 60;

/**
 * Executes runs of a method in one process of its own, interleaved, and gives their outcomes in the order of the runs.
 * @throws NAS_PLUGIN_ENTRY if it does not start
 */
export async function outcomesInGuest(
  plugin: LocatedPlugin<AlgorithmManifest>,
  settings: GuestSettings,
  runs: readonly RunInputs[],
): Promise<RunOutcome[]> {
  const command = guestCommand(plugin, settings);
  const outcomes = new Map<RunInputs, RunOutcome>();
  let first: GuestProcess | null = null;
  await executeGuestBatch(runs, {
    launch: (events) => {
      const guest = new GuestProcess(command, settings.memoryLimitMb, events);
      first ??= guest;
      return guest;
    },
    limitSeconds: RUN_LIMIT_SECONDS,
    onFinished: (inputs, outcome) => outcomes.set(inputs, outcome),
  });
  await (first as GuestProcess | null)?.ready;
  return runs.map((run) => outcomes.get(run) as RunOutcome);
}
