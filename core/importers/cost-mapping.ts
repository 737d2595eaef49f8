import { readdirSync } from "node:fs";
import path from "node:path";
import type { CostMapping } from "../../schemas/generated/cost-mapping.ts";
import { costMapping } from "../../schemas/generated/validators.cjs";
import { columnTitle } from "../costs/cost-column.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";

const BUILT_IN_FOLDER = path.join(import.meta.dirname, "cost-mappings");

/** Names of the mappings of hardware costs that ship with the harness, in alphabetical order. */
export function builtInCostMappings(): string[] {
  const files = readdirSync(BUILT_IN_FOLDER).filter((file) => file.endsWith(".json"));
  return files.map((file) => file.slice(0, -".json".length)).sort();
}

/** The file of a mapping that was named by path or, for one that ships with the harness, by name. */
export function locateCostMapping(nameOrPath: string): string {
  return builtInCostMappings().includes(nameOrPath) ? path.join(BUILT_IN_FOLDER, `${nameOrPath}.json`) : nameOrPath;
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/**
 * Reads a mapping file of hardware costs and checks that it makes sense.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA (also where the mapping contradicts itself)
 */
export function readCostMapping(file: string): CostMapping {
  const mapping = readDocument<CostMapping>(file, costMapping);
  const { columns, ignored = [] } = mapping;
  const used = [...neededColumns(mapping), ...ignored];
  const faults = [
    ...repeated(columns.map(columnTitle)).map((title) => `two columns are named ${title}`),
    ...repeated(used).map((name) => `column ${name} of the CSV is named twice`),
    ...columns
      .filter(({ name, dataset }) => dataset === undefined && columns.some((o) => o.name === name && o.dataset))
      .map(({ name }) => `column ${name} has a dataset in one place and none in another`),
  ];
  if (faults.length === 0) return mapping;
  throw new HarnessError("NAS_SCHEMA", {
    what: `the mapping contradicts itself in ${faults.length} ${faults.length === 1 ? "place" : "places"}`,
    where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
    next: "correct all of them; core/importers/cost-mappings/ holds complete examples",
  });
}

/** Names of all CSV columns that a mapping reads, in its order. */
export function neededColumns({ architecture, columns }: CostMapping): string[] {
  const keys = [architecture.index, architecture.string].filter((name) => name !== undefined);
  return [...keys, ...columns.map(({ column }) => column)];
}
