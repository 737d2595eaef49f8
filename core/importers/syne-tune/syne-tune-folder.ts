import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";

/** The file that holds every value of a Syne Tune blackbox, and those of which at least one stands beside it. */
const VALUES = "objectives_evaluations.npy";
const BESIDE = ["metadata.json", "hyperparameters.parquet"];
/** The blackbox's own folder inside Syne Tune's repository of blackboxes. */
const INNER = "nasbench201";

/** The folder of a Syne Tune blackbox: the one that is named or `nasbench201` in it; null if neither is one. */
export function findSyneTune(place: string): string | null {
  const isBlackbox = (folder: string) =>
    existsSync(path.join(folder, VALUES)) && BESIDE.some((name) => existsSync(path.join(folder, name)));
  return [place, path.join(place, INNER)].find(isBlackbox) ?? null;
}

/** The objectives that the blackbox's metadata names; none where they can't be read. */
function objectivesOf(folder: string): string[] {
  try {
    const metadata: unknown = JSON.parse(readFileSync(path.join(folder, "metadata.json"), "utf8"));
    const names = (metadata as { objectives_names?: unknown } | null)?.objectives_names;
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

/**
 * Refuses a Syne Tune blackbox. Its metric_valid_error is 1 - accuracy on ori-test, for CIFAR-10 the test set itself
 * (`nasbench201_import.py` of Syne Tune's conversion scripts), seeds that were never run are filled with a mean of the
 * others, and losses are not in it: a table made from it would let methods search on test images.
 * @param place a folder that was given to an import
 * @throws NAS_BENCHMARK_FILE if it is such a blackbox
 */
export function refuseSyneTune(place: string): void {
  const folder = findSyneTune(place);
  if (folder === null) return;
  const objectives = objectivesOf(folder);
  throw new HarnessError("NAS_BENCHMARK_FILE", {
    what: "a Syne Tune blackbox can't become a table: it has no validation split; its metric_valid_error is the error on the test images (ori-test), and missing seeds are filled with a mean of the others",
    where: objectives.length === 0 ? folder : `${folder}, objectives ${objectives.join(", ")}`,
    allowed: "files that keep validation and test apart: those of NATS-Bench, NAS-Bench-201, HPOBench or NNI",
    next: "import the files that the blackbox was made from: nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple",
  });
}
