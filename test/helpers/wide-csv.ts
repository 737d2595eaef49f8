import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedData } from "./shared-data.ts";

/**
 * Columns of `../shared/data/nb201.csv.gz` by name, each a list of texts in row order. The file quotes nothing.
 * @throws Error if a column is missing
 */
export function wideCsvColumns<Name extends string>(...names: readonly Name[]): Record<Name, string[]> {
  const [header, ...rows] = gunzipSync(readFileSync(sharedData("nb201.csv.gz")))
    .toString("utf8")
    .trimEnd()
    .split("\n");
  const known = (header ?? "").split(",");
  const cells = rows.map((row) => row.split(","));
  const columns = names.map((name) => {
    const at = known.indexOf(name);
    if (at < 0) throw new Error(`nb201.csv.gz has no column ${name}`);
    return [name, cells.map((row) => row[at] as string)];
  });
  return Object.fromEntries(columns);
}
