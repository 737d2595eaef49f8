import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { belongsTo, publishedRows, readPublished } from "../../leaderboard/generator/published-rows.ts";
import { hasSharedData, needsSharedData, sharedData } from "../helpers/shared-data.ts";

const [TABLE] = readPublished();
if (TABLE === undefined) throw new Error("no published table");

describe("the published table", () => {
  test("has ten methods, six of them twice, ResNet and the optimum", () => {
    const counts = new Map<string, number>();
    for (const { method } of TABLE.rows) counts.set(method, (counts.get(method) ?? 0) + 1);
    const twice = ["rsps", "darts-v1", "darts-v2", "gdas", "setn", "enas"];
    const once = ["rea", "rs", "reinforce", "bohb", "resnet", "optimal"];
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries([...twice.map((method) => [method, 2]), ...once.map((method) => [method, 1])]),
    );
    for (const method of twice) {
      const rows = TABLE.rows.filter((row) => row.method === method);
      expect(rows.map(({ batchStatistics }) => batchStatistics)).toEqual([false, true]);
      expect(rows.map(({ runs }) => runs)).toEqual([3, 3]);
    }
  });

  test("has the columns that its protocol reports", () => {
    const report = loadProtocol(TABLE.protocol).searches[0]?.report.map(({ column }) => column);
    for (const { columns } of TABLE.rows) expect(Object.keys(columns)).toEqual(report);
  });

  test("names its source, and says why two of its rows differ from later data", () => {
    expect(TABLE.source).toContain("ICLR 2020");
    const notes = (TABLE.notes ?? []).join("\n");
    for (const fact of ["46.77", "46.73", "v1_0-e61699", "3ffb9", "43.63", "44.23", "11472"]) {
      expect(notes).toContain(fact);
    }
  });

  test("belongs to the protocols that re-run it and to no others", () => {
    expect(["nas-bench-201", "nas-bench-201-mean", "nats-bench"].map((id) => belongsTo(TABLE, id))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("gives rows without intervals and without a table", () => {
    for (const row of publishedRows(TABLE)) {
      expect(row).toMatchObject({ origin: "published", table: null, recordsDigest: null, distinctRuns: null });
      expect(Object.values(row.accuracies).every((accuracy) => accuracy?.low === null)).toBe(true);
    }
  });
});

describe.skipIf(!hasSharedData)(needsSharedData("the published table against the source's figures"), () => {
  test("agrees in every method, second and figure", () => {
    const lines = parse(readFileSync(sharedData("published-results.csv")), { columns: true }) as Record<
      string,
      string
    >[];
    const numberOf = (text: string | undefined) => (text === "" || text === undefined ? null : Number(text));
    const expected = lines.map((line) => ({
      title: line.method,
      batchStatistics: line.batch_statistics === "true",
      searchSeconds: numberOf(line.search_seconds),
      figures: ["cifar10", "cifar100", "imagenet16_120"].flatMap((dataset) =>
        ["valid", "test"].flatMap((split) =>
          ["mean", "std"].map((figure) => numberOf(line[`${dataset}_${split}_${figure}`])),
        ),
      ),
    }));
    const typed = TABLE.rows.map((row) => ({
      title: row.title,
      batchStatistics: row.batchStatistics === true,
      searchSeconds: row.searchSeconds,
      figures: Object.values(row.columns).flatMap(({ mean, std }) => [mean, std]),
    }));
    expect(typed).toEqual(expected);
  });
});
