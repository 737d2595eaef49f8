import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { HarnessError, messageOf } from "../../errors/harness-error.ts";
import { OFFICIAL_DATASETS, type OfficialDataset } from "../official-trial.ts";

/** The datasets that HPOBench publishes (`NASBench_201Data` of its data manager), by the names in its files. */
const PUBLISHED = ["cifar10-valid", "cifar100", "ImageNet16-120"] as const;
const NAME = /^NAS-Bench-201-v\d+_\d+-[0-9a-f]+_(.+)\.json$/;
const EXPECTED = PUBLISHED.map((dataset) => `NAS-Bench-201-v1_1-096897_${dataset}.json`).join("\n");

/** One of HPOBench's files. */
export interface HpobenchFile {
  readonly file: string;
  readonly dataset: OfficialDataset;
}

function entriesOf(place: string): string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place)
      .sort()
      .map((name) => path.join(place, name));
  } catch (cause) {
    const missing = ["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? "");
    throw new HarnessError(missing ? "NAS_FILE_NOT_FOUND" : "NAS_FILE_UNREADABLE", {
      what: missing ? "there is no such file or folder" : `it can't be read: ${messageOf(cause)}`,
      where: place,
      next: "name the folder that holds HPOBench's JSON files",
      cause,
    });
  }
}

/**
 * HPOBench's files in a folder, in the order in which HPOBench names their datasets; other files are left alone. A
 * folder may hold some of the three: the table then has these datasets.
 * @param place the folder, or one of the files
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BENCHMARK_FILE (no such file, or two of one dataset)
 */
export function findHpobenchFiles(place: string): HpobenchFile[] {
  const entries = entriesOf(place);
  const files = PUBLISHED.flatMap((published): HpobenchFile[] => {
    const found = entries.filter((file) => NAME.exec(path.basename(file))?.[1] === published);
    const [file] = found;
    if (file === undefined) return [];
    if (found.length === 1) return [{ file, dataset: OFFICIAL_DATASETS[published] }];
    throw new HarnessError("NAS_BENCHMARK_FILE", {
      what: `${found.length} files are of dataset ${published}`,
      where: found.join("\n"),
      allowed: "one file a dataset",
      next: "put the files of one version into a folder of their own",
    });
  });
  if (files.length > 0) return files;
  throw new HarnessError("NAS_BENCHMARK_FILE", {
    what: "there is none of HPOBench's NAS-Bench-201 files",
    where: place,
    allowed: EXPECTED,
    next: "unpack nasbench_201_data_v1.3.zip and name the folder that holds these files, under these names",
  });
}
