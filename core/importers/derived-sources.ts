import path from "node:path";
import type { ExpectedOptimum } from "../../schemas/generated/table-card.ts";
import { Findings } from "./findings.ts";
import { findHpobenchFiles, type HpobenchFile } from "./hpobench/hpobench-files.ts";
import { readHpobench } from "./hpobench/hpobench-reader.ts";
import { readNni } from "./nni/nni-reader.ts";
import type { OfficialTrial } from "./official-trial.ts";
import type { ImportIdentity } from "./pipeline/assembly.ts";
import type { StreamSource } from "./pipeline/import-source.ts";
import { refuseSyneTune } from "./syne-tune/syne-tune-folder.ts";

/** Projects whose files were made from NAS-Bench-201-v1_1-096897 and can be imported. */
export type DerivedFormat = "hpobench" | "nni";

/** A source with what its table's card says. */
export interface DerivedSource {
  readonly source: StreamSource;
  readonly identity: ImportIdentity;
}

/** Raised when the same file gives other values or columns. */
const IMPORT_VERSION = "1.0.0";

const OPTIMA: readonly (readonly [dataset: string, split: "valid" | "test", accuracy: number, architecture: number])[] =
  [
    ["cifar10-valid", "valid", 91.61, 6111],
    ["cifar10", "test", 94.37, 6111],
    ["cifar100", "valid", 73.49, 9930],
    ["cifar100", "test", 73.51, 9930],
    ["imagenet16-120", "valid", 46.73, 10_676],
    ["imagenet16-120", "test", 47.31, 857],
  ];

/** Best means over all seeds: those that HPOBench prints for its files, and that of CIFAR-10 in tables of the same file. */
function optimaOf(datasets: readonly string[]): ExpectedOptimum[] {
  return OPTIMA.filter(([dataset]) => datasets.includes(dataset)).map(([dataset, split, accuracy, architecture]) => ({
    ...{ dataset, split, accuracy, architecture },
    recipe: "200-epochs",
    epoch: 200,
    source: "best means of NAS-Bench-201-v1_1-096897, as HPOBench gives them (nasbench_201.py)",
  }));
}

async function* readFiles(
  files: readonly HpobenchFile[],
  findings: Findings,
): AsyncGenerator<readonly OfficialTrial[]> {
  for (const file of files) yield* readHpobench(file, findings);
}

/** A stream source of a reader: each opening starts with no findings. */
function streamOf(
  files: readonly string[],
  read: (findings: Findings) => AsyncIterable<readonly OfficialTrial[]>,
): StreamSource {
  let findings = new Findings();
  return {
    kind: "stream",
    files,
    batches: null,
    open: () => {
      findings = new Findings();
      return read(findings);
    },
    findings: () => findings.list(),
  };
}

function openHpobench(place: string): DerivedSource {
  const files = findHpobenchFiles(place);
  return {
    source: streamOf(
      files.map(({ file }) => file),
      (findings) => readFiles(files, findings),
    ),
    identity: {
      id: "hpobench-nas-bench-201",
      version: IMPORT_VERSION,
      title: "NAS-Bench-201, as HPOBench publishes it",
      benchmark: "nas-bench-201",
      licence: "MIT AND Apache-2.0",
      description:
        "HPOBench's JSON files of NAS-Bench-201-v1_1-096897: the trainings of 200 epochs, without cifar10, parameters, FLOPs and latency. Seeds that HPOBench filled with the values of another seed are left out; everything else is as recorded.",
      expectedOptima: optimaOf(files.map(({ dataset }) => dataset)),
    },
  };
}

function openNni(file: string): DerivedSource {
  return {
    source: streamOf([file], (findings) => readNni(file, findings)),
    identity: {
      id: "nni-nas-bench-201",
      version: IMPORT_VERSION,
      title: "NAS-Bench-201, as NNI publishes it",
      benchmark: "nas-bench-201",
      licence: "MIT",
      description: `NNI's database of NAS-Bench-201-v1_1-096897 (${path.basename(file)}). It has one time a training and split, that of the last epoch, which stands for every epoch here. What it has no value for is not recorded.`,
      expectedOptima: optimaOf(OPTIMA.map(([dataset]) => dataset)),
    },
  };
}

/**
 * Opens files that another project made from NAS-Bench-201.
 * @param place HPOBench's folder (or one of its files), or NNI's database
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BENCHMARK_FILE (none of these files, or a Syne Tune blackbox)
 */
export function openDerivedSource(place: string, format: DerivedFormat): DerivedSource {
  refuseSyneTune(place);
  return format === "hpobench" ? openHpobench(place) : openNni(place);
}
