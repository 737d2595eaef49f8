import type { CostCard, CostColumn } from "../../schemas/generated/cost-card.ts";
import { HarnessError } from "../errors/harness-error.ts";

/** The unit of each quantity, the same in all cost tables. */
export const COST_UNITS = {
  latency: "ms",
  energy: "mJ",
  "arithmetic-intensity": "ops/byte",
} as const satisfies Record<CostColumn["quantity"], CostColumn["unit"]>;

/** Values of one column: float32 by official index, shape [15625]. What stands where `recorded` is 0 means nothing. */
export interface CostValues {
  readonly values: Float32Array;
  /** 1 where there is a value, 0 where nothing was measured, shape [15625]; null: everywhere. */
  readonly recorded: Uint8Array | null;
}

/** Name of a column in the Arrow file and in messages: `raspi4-latency (cifar10)`. */
export function columnTitle({
  name,
  dataset,
}: {
  readonly name: string;
  readonly dataset?: string | undefined;
}): string {
  return dataset === undefined ? name : `${name} (${dataset})`;
}

/**
 * Position of a column in a card.
 * @throws NAS_NOT_RECORDED naming what the table has
 */
export function findColumn(card: CostCard, name: string, dataset: string | undefined): number {
  const found = card.columns.findIndex((column) => column.name === name && column.dataset === dataset);
  if (found >= 0) return found;
  const alike = card.columns.filter((column) => column.name === name);
  const names = [...new Set(card.columns.map((column) => column.name))];
  throw new HarnessError("NAS_NOT_RECORDED", {
    what: `cost table ${card.id} ${card.version} has no column ${columnTitle({ name, dataset })}`,
    allowed:
      alike.length === 0
        ? names.join(", ")
        : alike
            .map((column) => (column.dataset === undefined ? "without dataset" : `dataset ${column.dataset}`))
            .join(", "),
    next: "nas-harness table info lists the columns of every cost table",
  });
}
