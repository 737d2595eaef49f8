import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { formatRecord } from "../../core/records/record.ts";
import { readCard } from "../../core/tables/search-view.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { writePlannedTable } from "../helpers/planned-table.ts";
import { METHODS, PROTOCOLS_OF, type PreparedRun, prepareRuns } from "../helpers/recorded-runs.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

/** The content of digests.json. */
interface GoldenDigests {
  /** Of the generated table and of the planned one, by benchmark. */
  searchContentHashes: Record<string, string>;
  /** By protocol and method: SHA-256 over the digests of the first runs, each with a line feed, in the plan's order. */
  records: Record<string, Record<string, string>>;
}

const RUNS = 5;
const FILE = path.join(import.meta.dirname, "digests.json");
const RENEW = "NAS_HARNESS_RENEW_GOLDEN=1 npx vitest run test/golden";

const planned = path.join(sharedTemporaryFolder(), "planned");
writePlannedTable(planned);
const tables = [inject("generatedTable"), planned];
const runs = (await Promise.all(tables.map((table) => prepareRuns(table, RUNS)))).flat();
const records = runs.map((run) => run.record());
const PROTOCOLS = Object.values(PROTOCOLS_OF).flat();
const computed: GoldenDigests = {
  searchContentHashes: Object.fromEntries(
    tables.map((table) => readCard(table)).map((card) => [card.benchmark, card.searchContentHash]),
  ),
  records: Object.fromEntries(
    PROTOCOLS.map((protocol) => [
      protocol,
      Object.fromEntries(METHODS.map((method) => [method, digestOfRuns(protocol, method)])),
    ]),
  ),
};
if (process.env.NAS_HARNESS_RENEW_GOLDEN === "1") writeFileSync(FILE, `${JSON.stringify(computed, null, 2)}\n`);
const golden = (existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : null) as GoldenDigests | null;

function digestOfRuns(protocol: string, method: string): string {
  const hash = createHash("sha256");
  runs.forEach((run: PreparedRun, at) => {
    if (run.protocol === protocol && run.method === method) hash.update(`${records[at]?.digest}\n`);
  });
  return hash.digest("hex");
}

test("every run of the six searches finishes with an answer", () => {
  expect(records).toHaveLength(6 * METHODS.length * RUNS);
  expect(records.filter(({ failure, answers }) => failure !== null || answers.length === 0)).toEqual([]);
});

test.each(Object.keys(PROTOCOLS_OF))(
  "the search view of the table of %s is the one that the golden digests were made on",
  (benchmark) => {
    expect(
      computed.searchContentHashes[benchmark],
      `the table that test/helpers/ makes changed, or its plan, or the content hash. If the change is meant: ${RENEW}`,
    ).toBe(golden?.searchContentHashes[benchmark]);
  },
);

test.each(PROTOCOLS.flatMap((protocol) => METHODS.map((method) => [protocol, method] as const)))(
  "records under %s by %s are the golden ones",
  (protocol, method) => {
    expect(
      computed.records[protocol]?.[method],
      [
        `the first ${RUNS} runs of ${method} under ${protocol} gave other records than before: scores may move.`,
        "If that is not meant, it is a defect: the same inputs must give the same records.",
        `If it is meant, raise the version of what changed (the plugin.json of ${method}, or`,
        `protocols/${protocol}.json), so that old and new rows are never ranked together, and then: ${RENEW}`,
      ].join("\n"),
    ).toBe(golden?.records[protocol]?.[method]);
  },
);

test("runs in any order within one process give the same bytes", () => {
  const order = new Random("73687566666c65642072756e73000000").shuffle([...runs.keys()]);
  expect(order).not.toEqual([...runs.keys()]);
  const shuffled = new Map(order.map((at) => [at, (runs[at] as PreparedRun).record()]));
  for (const [at, record] of records.entries()) {
    expect(formatRecord(shuffled.get(at) as RunRecord)).toBe(formatRecord(record));
  }
});
