import type { Constraint, Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { RecordConstraint } from "../../schemas/generated/record.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { type Architecture, formatArchitecture } from "../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { type CostValues, columnTitle, findColumn } from "./cost-column.ts";
import { openCostTableById } from "./cost-location.ts";
import { type CostTable, costAt, openCostTable } from "./cost-table.ts";

/** A cost table of a session: every process of it opens the same folder and demands the same content. */
export interface PinnedCosts {
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
  readonly contentHash: string;
}

/** One constraint with the values that decide it. */
interface Limit extends RecordConstraint {
  readonly cost: CostValues;
}

/** A limit in one line: `raspi4-latency (cifar10) at most 5 ms, by hw-nas-bench 1.0.0`. */
export function limitText({ costs, column, dataset, atMost, unit }: RecordConstraint): string {
  return `${columnTitle({ name: column, dataset })} at most ${atMost} ${unit}, by ${costs.id} ${costs.version}`;
}

/** A value as short as tells float32 numbers apart. */
const shown = (value: number) => String(Number(value.toPrecision(9)));

/** What the constraints of one search allow. */
export class Constraints {
  /** As records name them. */
  readonly recorded: readonly RecordConstraint[];
  /** 1 for each architecture that keeps to all constraints, shape [15625]. */
  readonly allowed: Uint8Array;
  /** Number of these, at least 1. */
  readonly count: number;
  readonly #limits: readonly Limit[];

  /** @throws NAS_TABLE_REFUSED if no architecture is allowed */
  constructor(search: string, limits: readonly Limit[]) {
    this.#limits = limits;
    this.recorded = limits.map(({ cost: _, ...recorded }) => recorded);
    this.allowed = Uint8Array.from({ length: ARCHITECTURE_COUNT }, (_, index) => (this.violation(index) ? 0 : 1));
    this.count = this.allowed.reduce((sum, flag) => sum + flag, 0);
    if (this.count > 0) return;
    throw new HarnessError("NAS_TABLE_REFUSED", {
      what: `no architecture keeps to the constraints of search ${search}`,
      where: this.recorded.map((limit) => `- ${limitText(limit)}`).join("\n"),
      next: "raise a limit in the protocol (nas-harness table check shows the range of every column), and its version",
    });
  }

  /**
   * Why an architecture is not allowed, with value, limit and unit; null if it is. Values and limits are compared as
   * float32, so that a value that a file prints like the limit is allowed.
   */
  violation(architecture: Architecture): string | null {
    for (const limit of this.#limits) {
      const { cost, costs, column, dataset, atMost, unit } = limit;
      const value = costAt(cost, architecture);
      if (value !== null && value <= Math.fround(atMost)) continue;
      const found = value === null ? "nothing was measured" : `it is ${shown(value)} ${unit}`;
      const title = columnTitle({ name: column, dataset });
      return `${formatArchitecture(architecture)} (${architecture}): ${title} must be at most ${atMost} ${unit}, ${found} (costs ${costs.id} ${costs.version})`;
    }
    return null;
  }
}

function limitOf({ column, dataset, atMost }: Constraint, { card, values }: CostTable): Limit {
  const at = findColumn(card, column, dataset);
  const { unit } = card.columns[at] as (typeof card.columns)[number];
  const costs = { id: card.id, version: card.version, contentHash: card.contentHash };
  const cost = values[at] as CostValues;
  return { costs, column, ...(dataset === undefined ? {} : { dataset }), atMost, unit, cost };
}

/** The constraints of each search of a protocol that has any, and the cost tables that decide them. */
export interface ProtocolConstraints {
  /** By search. */
  readonly bySearch: ReadonlyMap<string, Constraints>;
  readonly tables: readonly CostTable[];
}

/** True for a protocol with constraints on any search. */
export function isConstrained({ searches }: Pick<Protocol, "searches">): boolean {
  return searches.some(({ constraints }) => constraints !== undefined);
}

function openPinned({ folder, contentHash }: PinnedCosts): CostTable {
  const table = openCostTable(folder);
  if (table.card.contentHash === contentHash) return table;
  throw new HarnessError("NAS_TABLE_CORRUPT", {
    what: `the cost table was replaced while it was in use: its content was ${contentHash}, now it is ${table.card.contentHash}`,
    where: folder,
    next: "let nothing else write to the folder, then run the same command again",
  });
}

/**
 * Opens the cost tables that a protocol's constraints name.
 * @param pinned the tables that the session uses; unless given, the first of each id that is found
 * @throws NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_JSON, NAS_NOT_RECORDED, NAS_TABLE_REFUSED
 */
export function openConstraints(protocol: Protocol, pinned: readonly PinnedCosts[] | null = null): ProtocolConstraints {
  const tables = new Map<string, CostTable>();
  const tableOf = (id: string) => {
    const own = pinned?.find((one) => one.id === id);
    const table = tables.get(id) ?? (own === undefined ? openCostTableById(id) : openPinned(own));
    tables.set(id, table);
    return table;
  };
  const bySearch = new Map<string, Constraints>();
  for (const { id, constraints = [] } of protocol.searches as readonly ProtocolSearch[]) {
    if (constraints.length === 0) continue;
    bySearch.set(
      id,
      new Constraints(
        id,
        constraints.map((one) => limitOf(one, tableOf(one.costs))),
      ),
    );
  }
  return { bySearch, tables: [...tables.values()] };
}
