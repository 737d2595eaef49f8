import { formatError } from "../errors/harness-error.ts";
import { type BuildOptions, buildTrials } from "../training/build/table-build.ts";
import { interruptible } from "./interruption.ts";
import { formatDuration, Progress } from "./progress.ts";
import { remark } from "./terminal.ts";

/** Trains with progress on stderr; Ctrl-C ends it early. @throws what `buildTrials` throws */
export async function trainWithProgress(
  label: string,
  options: Omit<BuildOptions, "signal" | "onProgress" | "onCorrupt">,
): Promise<{ done: number; total: number }> {
  const progress = new Progress(label, "trained");
  const { signal, restore } = interruptible();
  const start = performance.now();
  try {
    const { done, total } = await buildTrials({
      ...options,
      signal,
      onProgress: (finished, all) => progress.update(finished, all),
      onCorrupt: (error) => remark(`${formatError(error)}\n  it is trained again`),
    });
    progress.finish();
    const time = formatDuration((performance.now() - start) / 1000);
    if (done === total) remark(`${done} of ${total} trainings are in ${options.folder} (${time})`);
    else remark(`interrupted: ${done} of ${total} trainings are kept in ${options.folder}; the same command goes on`);
    return { done, total };
  } finally {
    progress.finish();
    restore();
  }
}
