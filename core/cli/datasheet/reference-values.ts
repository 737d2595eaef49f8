import { HarnessError } from "../../errors/harness-error.ts";
import { classOf } from "../../space/classes.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { openReportedValues } from "../../tables/reported-values.ts";
import { readCard } from "../../tables/search-view.ts";

const BENCHMARK = "nas-bench-201";
const EPOCHS = 200;
const DATASETS = [
  { id: "cifar10", name: "CIFAR-10" },
  { id: "cifar100", name: "CIFAR-100" },
  { id: "imagenet16-120", name: "ImageNet16-120" },
] as const;

/** Test accuracies of another benchmark for the classes of a table. */
export interface ReferenceColumn {
  /** For example `CIFAR-10`. */
  readonly name: string;
  /** Percent, mean over the cells of the class, shape [classes]. */
  readonly accuracies: Float64Array;
}

/** A NAS-Bench-201 table's columns and name. */
export interface Reference {
  readonly id: string;
  readonly version: string;
  readonly searchContentHash: string;
  readonly columns: readonly ReferenceColumn[];
}

/**
 * Reads the test accuracies after 200 epochs of a NAS-Bench-201 table.
 * @throws NAS_TABLE_REFUSED for a table of another benchmark, NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_NOT_RECORDED
 */
export function readReference(folder: string, classes: readonly number[]): Reference {
  const card = readCard(folder);
  const { id, version, searchContentHash, benchmark } = card;
  if (benchmark !== BENCHMARK) {
    throw new HarnessError("NAS_TABLE_REFUSED", {
      what: `the reference belongs to benchmark ${benchmark}`,
      where: `--reference ${folder}`,
      allowed: `a table of ${BENCHMARK}`,
      next: "name another table (nas-harness list), or leave --reference out",
    });
  }
  const reported = openReportedValues(folder, card);
  const position = new Map(classes.map((own, at) => [own, at] as const));
  const members: number[][] = classes.map(() => []);
  for (let index = 0; index < ARCHITECTURE_COUNT; index++) members[position.get(classOf(index)) ?? -1]?.push(index);
  const columns = DATASETS.map(({ id: dataset, name }) => {
    const value = { dataset, recipe: `${EPOCHS}-epochs`, split: "test", epoch: EPOCHS } as const;
    const meanOf = (own: readonly number[]) => own.reduce((sum, index) => sum + reported(index, value), 0) / own.length;
    return { name, accuracies: Float64Array.from(members, meanOf) };
  });
  return { id, version, searchContentHash, columns };
}
