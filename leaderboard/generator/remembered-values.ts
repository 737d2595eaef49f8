import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { ReportedValue, ReportedValueOf } from "../../core/tables/reported-values.ts";

/** Reported values that are looked up once for each architecture and column: runs of many methods ask for the same ones. */
export function rememberedValues(reported: ReportedValueOf): ReportedValueOf {
  const columns = new Map<ReportedValue, Float64Array>();
  return (architecture, column) => {
    let values = columns.get(column);
    if (values === undefined) {
      values = new Float64Array(ARCHITECTURE_COUNT).fill(Number.NaN);
      columns.set(column, values);
    }
    const known = values[architecture] as number;
    if (!Number.isNaN(known)) return known;
    const value = reported(architecture, column);
    values[architecture] = value;
    return value;
  };
}
