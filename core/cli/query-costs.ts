import { findCostTables } from "../costs/cost-location.ts";
import { type CostTable, costAt, openCostTable } from "../costs/cost-table.ts";
import { messageOf } from "../errors/harness-error.ts";
import type { Architecture } from "../space/codec.ts";
import { columns, remark } from "./terminal.ts";

/** Digits that are shown; the JSON document has all. */
const DIGITS = 4;

/** What a cost table has of an architecture. */
export interface HardwareCosts {
  readonly id: string;
  readonly version: string;
  readonly folder: string;
  readonly values: readonly {
    readonly name: string;
    /** Null where the table has one value for all. */
    readonly dataset: string | null;
    readonly device: string;
    /** Null where it is not stated. */
    readonly batchSize: number | null;
    readonly unit: string;
    /** Float32; null where nothing was measured. */
    readonly value: number | null;
  }[];
}

function costsOf({ folder, card, values }: CostTable, architecture: Architecture): HardwareCosts {
  return {
    ...{ id: card.id, version: card.version, folder },
    values: card.columns.map(({ name, dataset = null, device, batchSize = null, unit }, at) => ({
      ...{ name, dataset, device, batchSize, unit },
      value: costAt(values[at] as CostTable["values"][number], architecture),
    })),
  };
}

/** An architecture's costs in every cost table that is found; a broken one is remarked and left out. */
export function hardwareCosts(architecture: Architecture): HardwareCosts[] {
  return findCostTables().flatMap((folder) => {
    try {
      return [costsOf(openCostTable(folder), architecture)];
    } catch (error) {
      remark(`${folder}: ${messageOf(error)}`);
      return [];
    }
  });
}

const shown = (value: number | null | undefined) =>
  value === null ? "not measured" : value === undefined ? "" : `${Number(value.toPrecision(DIGITS))}`;

/** The costs as text: a row a quantity, a column a dataset where the table has several. */
export function formatCosts({ id, version, folder, values }: HardwareCosts): string {
  const datasets = [...new Set(values.map(({ dataset }) => dataset))];
  const rows = [...Map.groupBy(values, ({ name }) => name)].map(([name, alike]) => [
    name,
    alike[0]?.unit ?? "",
    ...datasets.map((dataset) => shown(alike.find((one) => one.dataset === dataset)?.value)),
  ]);
  const header = ["cost", "unit", ...datasets.map((dataset) => dataset ?? "value")];
  return `hardware costs, from ${id} ${version} (${folder})\n${columns([header, ...rows])}`;
}
