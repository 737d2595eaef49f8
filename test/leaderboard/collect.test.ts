import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { ExtraColumn } from "../../core/plugins/hooks.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { openReportedValues } from "../../core/tables/reported-values.ts";
import { readCard } from "../../core/tables/search-view.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { MADE_UP_TABLE, writeMethodResults } from "../statistics/method-results.ts";
import { collect, groupOf, sectionsOf } from "./collected-board.ts";

const FAILURE = { code: "NAS_ALGORITHM_DIED", what: "it ended its process" };
const GENERATED = inject("generatedTable");
const CARD = readCard(GENERATED);
const GENERATED_TABLE = { id: CARD.id, version: CARD.version, searchContentHash: CARD.searchContentHash };

/** Results of the four methods with means that differ clearly. */
function fourMethods(output: string, table = MADE_UP_TABLE): void {
  for (const [method, values] of Object.entries({ bohb: 93.5, rs: 93.6, rea: 93.95, reinforce: 93.9 })) {
    writeMethodResults(output, { method, title: method.toUpperCase(), table, runs: [{ values }, { values }] });
  }
}

describe("a leaderboard without results", () => {
  test("shows every published row, unranked, and nothing else", () => {
    const { board, remarks, unfinished } = collect();
    expect(board.sections.map(({ kind }) => kind)).toEqual(["published"]);
    expect(board.sections[0]?.groups).toHaveLength(18);
    expect(board.sections[0]?.groups.every(({ rank }) => rank === null)).toBe(true);
    expect([remarks, unfinished]).toEqual([[], []]);
  });

  test("demands that results folders exist when they are named", () => {
    const missing = path.join(temporaryFolder(), "nowhere");
    expect(() => collect({ results: [missing] })).toThrow(expect.objectContaining({ code: "NAS_FILE_NOT_FOUND" }));
  });
});

describe("re-runs", () => {
  test("are ordered by their means, each above its published row", () => {
    const output = temporaryFolder();
    fourMethods(output);
    const [section] = sectionsOf(collect({ results: [output] }).board, "re-run");
    expect(section?.rankedBy).toBe("cifar10.test");
    expect(section?.groups.map(({ row }) => row.method)).toEqual(["rea", "reinforce", "rs", "bohb"]);
    for (const { row, published } of section?.groups ?? []) {
      expect(published).toHaveLength(1);
      expect(published[0]).toMatchObject({ origin: "published", method: row.method, runs: 500 });
    }
  });

  test("carry protocol, table, runs and what failed", () => {
    const output = temporaryFolder();
    writeMethodResults(output, {
      method: "mine",
      title: "Mine",
      runs: [{ values: 90, cpuSeconds: 2 }, { failure: FAILURE }],
    });
    const [section] = sectionsOf(collect({ results: [output] }).board, "re-run");
    const { row, published } = groupOf(section, "mine");
    expect(row).toMatchObject({
      origin: "re-run",
      protocol: { id: "nas-bench-201-mean", version: "1.0.0" },
      table: MADE_UP_TABLE,
      runs: 1,
      plannedRuns: 2,
      distinctRuns: 1,
      evaluationsPerRun: 2,
      searchSeconds: 3,
      measuredCpuSeconds: 2,
    });
    expect(published).toEqual([]);
    expect(section?.notes.join("\n")).toContain("Mine are in no figure: 1 x NAS_ALGORITHM_DIED");
  });

  test("of other protocol versions or tables are never in one section", () => {
    const protocol = loadProtocol("nas-bench-201-mean");
    const variants = [
      { method: "a" },
      { method: "b", table: { ...MADE_UP_TABLE, version: "1.0.1" } },
      { method: "c", table: { ...MADE_UP_TABLE, searchContentHash: "b".repeat(64) } },
      { method: "d", protocol: { ...protocol, version: "1.1.0" } },
      { method: "e", protocol: loadProtocol("nas-bench-201") },
    ];
    const output = temporaryFolder();
    for (const variant of variants) writeMethodResults(output, { ...variant, runs: [{ values: 90 }] });
    const sections = sectionsOf(collect({ results: [output] }).board, "re-run");
    expect(sections.map(({ groups }) => groups.map(({ row }) => row.method))).toEqual([
      ["e"],
      ["a"],
      ["c"],
      ["b"],
      ["d"],
    ]);
    expect(new Set(sections.map(({ id }) => id)).size).toBe(5);
  });

  test("of a protocol with several searches have a section for each", () => {
    const protocol = loadProtocol("nats-bench");
    const output = temporaryFolder();
    writeMethodResults(output, { protocol, runs: protocol.searches.map(({ id }) => ({ search: id, values: 80 })) });
    const sections = sectionsOf(collect({ results: [output] }).board, "re-run");
    expect(sections.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ["cifar10.valid", "cifar10.test"],
      ["cifar100.valid", "cifar100.test"],
      ["imagenet16-120.valid", "imagenet16-120.test"],
    ]);
    expect(sections.map(({ heading }) => heading.split(", ")[1])).toEqual([
      "search cifar10",
      "search cifar100",
      "search imagenet16-120",
    ]);
  });

  test("that are found twice count once; other options of a method are told apart", () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    writeMethodResults(first, { method: "mine", options: { rate: 0.5, size: 3 }, runs: [{ values: 90 }] });
    writeMethodResults(second, { method: "mine", options: { rate: 0.1, size: 3 }, runs: [{ values: 91 }] });
    const [section] = sectionsOf(collect({ results: [first, second, first] }).board, "re-run");
    expect(section?.groups.map(({ row }) => row.variant)).toEqual(["rate 0.1", "rate 0.5"]);
    const [alone] = sectionsOf(collect({ results: [first, first] }).board, "re-run");
    expect(alone?.groups.map(({ row }) => row.variant)).toEqual([null]);
  });

  test("without a finished run have a row without figures and without a rank", () => {
    const output = temporaryFolder();
    fourMethods(output);
    writeMethodResults(output, { method: "broken", runs: [{ failure: FAILURE }] });
    const [section] = sectionsOf(collect({ results: [output] }).board, "re-run");
    const group = groupOf(section, "broken");
    expect(section?.groups.at(-1)).toBe(group);
    expect(group.rank).toBeNull();
    expect(group.row).toMatchObject({ runs: 0, plannedRuns: 1, evaluationsPerRun: null, searchSeconds: null });
    expect(group.row.accuracies["cifar10.test"]).toBeNull();
  });

  test("that are not finished are named, and stray folders passed over", () => {
    const output = temporaryFolder();
    fourMethods(output);
    writeMethodResults(output, { method: "halfway", runs: [{ values: 90 }], summary: false });
    mkdirSync(path.join(output, "nas-bench-201-mean", "notes"));
    writeFileSync(path.join(output, "README"), "a file");
    const { board, unfinished } = collect({ results: [output] });
    expect(unfinished.map(({ name }) => name)).toEqual(["nas-bench-201-mean/halfway"]);
    expect(board.unfinished).toEqual(["nas-bench-201-mean/halfway"]);
    expect(sectionsOf(board, "re-run")[0]?.groups).toHaveLength(4);
  });

  test("with a broken summary stop the leaderboard, naming the file", () => {
    const output = temporaryFolder();
    const folder = writeMethodResults(output, { runs: [{ values: 90 }] });
    writeFileSync(path.join(folder, "summary.json"), '{"protocol": {}}');
    expect(() => collect({ results: [output] })).toThrow(
      expect.objectContaining({
        code: "NAS_SCHEMA",
        details: expect.objectContaining({ where: expect.stringContaining(path.join(folder, "summary.json")) }),
      }),
    );
  });

  test("of a user's own protocol are described by the protocol beside them", () => {
    const protocol = { ...loadProtocol("nas-bench-201-mean"), id: "my-protocol", description: "My own rules." };
    const output = temporaryFolder();
    const folder = writeMethodResults(output, {
      method: "rea",
      protocol,
      table: GENERATED_TABLE,
      runs: [{ values: 90 }],
    });
    const withDefinition = sectionsOf(collect({ results: [output], tables: [GENERATED] }).board, "re-run")[0];
    expect(withDefinition?.notes[0]).toBe("My own rules.");
    expect(groupOf(withDefinition, "optimal").row.origin).toBe("computed");
    // Another protocol than the published one's: no published row beside it.
    expect(groupOf(withDefinition, "rea").published).toEqual([]);
    rmSync(path.join(folder, "run.json"));
    const without = sectionsOf(collect({ results: [output], tables: [GENERATED] }).board, "re-run")[0];
    expect(without?.groups.map(({ row }) => row.method)).toEqual(["rea"]);
  });
});

describe("rows computed from a table", () => {
  const report = loadProtocol("nas-bench-201").searches[0]?.report ?? [];

  test("are the ResNet cell and the best cell of each column, beside the published ones", () => {
    const output = temporaryFolder();
    fourMethods(output, GENERATED_TABLE);
    const [section, ...others] = collect({ results: [output], tables: [GENERATED] }).board.sections;
    expect(others.map(({ kind }) => kind)).toEqual(["published"]);
    expect(section?.groups.slice(-2).map(({ row, rank }) => [row.method, row.origin, rank])).toEqual([
      ["resnet", "computed", null],
      ["optimal", "computed", null],
    ]);
    const reportedValue = openReportedValues(GENERATED, CARD);
    const resnet = groupOf(section, "resnet");
    const optimal = groupOf(section, "optimal");
    expect([resnet, optimal].map(({ published }) => published.length)).toEqual([1, 1]);
    for (const column of report) {
      expect(resnet.row.accuracies[column.column]).toEqual({
        mean: reportedValue(11_472, column),
        std: null,
        low: null,
        high: null,
        architecture: 11_472,
      });
      const values = Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) =>
        reportedValue(architecture, column),
      );
      const best = values.reduce((top, value) => Math.max(top, value));
      expect(optimal.row.accuracies[column.column]).toMatchObject({ mean: best, architecture: values.indexOf(best) });
    }
    expect(section?.cells[0]).toEqual({
      architecture: 11_472,
      text: "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|skip_connect~2|",
    });
  });

  test("have a section of their own where nothing was re-run on the table", () => {
    const output = temporaryFolder();
    fourMethods(output);
    const { board } = collect({ results: [output], tables: [GENERATED] });
    expect(board.sections.map(({ kind }) => kind)).toEqual(["re-run", "computed", "published"]);
    expect(sectionsOf(board, "re-run")[0]?.groups).toHaveLength(4);
    expect(sectionsOf(board, "computed")[0]?.groups.map(({ row }) => row.method)).toEqual(["resnet", "optimal"]);
  });

  test("are left out, with a remark, where the table lacks a column", () => {
    const output = temporaryFolder();
    const protocol = loadProtocol("nas-bench-201-mean");
    const [search] = structuredClone(protocol).searches;
    if (search === undefined) throw new Error("no search");
    const changed = {
      ...protocol,
      id: "other-epoch",
      searches: [{ ...search, report: search.report.map((column) => ({ ...column, epoch: 90 })) }],
    };
    writeMethodResults(output, { protocol: changed, table: GENERATED_TABLE, runs: [{ values: 90 }] });
    const { board, remarks } = collect({ results: [output], tables: [GENERATED] });
    expect(sectionsOf(board, "re-run")[0]?.groups).toHaveLength(1);
    expect(remarks).toEqual([expect.stringContaining("at epoch 90 was not recorded")]);
  });

  test("need a table: another folder is refused", () => {
    expect(() => collect({ tables: [temporaryFolder()] })).toThrow(
      expect.objectContaining({ code: "NAS_TABLE_NOT_FOUND" }),
    );
  });
});

describe("columns of extensions", () => {
  const column = (name: string, cell: ExtraColumn["cell"]): ExtraColumn => ({ name, title: `Title of ${name}`, cell });

  test("have a text in every row", () => {
    const output = temporaryFolder();
    fourMethods(output);
    const extraColumns = [
      column("code", ({ method, protocol }) => (method === "rea" ? `${method}@${protocol}` : null)),
    ];
    const { board } = collect({ results: [output], extraColumns });
    expect(board.extraColumns).toEqual([{ name: "code", title: "Title of code" }]);
    const { row, published } = groupOf(sectionsOf(board, "re-run")[0], "rea");
    expect(row.extra).toEqual({ code: "rea@nas-bench-201-mean" });
    expect(published[0]?.extra).toEqual({ code: "rea@nas-bench-201" });
    expect(groupOf(sectionsOf(board, "re-run")[0], "rs").row.extra).toEqual({ code: null });
  });

  test.each<[string, unknown]>([
    ["no list", undefined],
    ["no column", [{ name: "x" }]],
    ["two of one name", [column("x", () => null), column("x", () => null)]],
    ["a cell that is no text", [column("x", () => 5 as never)]],
    [
      "a cell that throws",
      [
        column("x", () => {
          throw new Error("no");
        }),
      ],
    ],
  ])("are refused: %s", (_, extraColumns) => {
    expect(() => collect({ extraColumns: extraColumns as ExtraColumn[] })).toThrow(
      expect.objectContaining({ code: "NAS_HOOK" }),
    );
  });
});
