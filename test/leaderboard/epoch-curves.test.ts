import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { epochSection } from "../../leaderboard/generator/epoch-charts.ts";
import { readEpochCurves } from "../../leaderboard/generator/epoch-curves.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** All skip connections, and none. */
const [ALL_SKIP, NO_SKIP] = [1835, 1462];

interface Line {
  readonly method?: unknown;
  readonly runIndex?: number;
  readonly epoch?: number;
  readonly architecture?: number;
  readonly trainAccuracy?: number;
}

function written(lines: readonly (Line | string)[]): string {
  const file = path.join(temporaryFolder(), "epochs.jsonl");
  const texts = lines.map((line) =>
    typeof line === "string"
      ? line
      : JSON.stringify({ method: "gdas", search: "toy", runIndex: 0, epoch: 1, epochs: 2, architecture: 0, ...line }),
  );
  writeFileSync(file, texts.join("\n"));
  return file;
}

describe("curves of a log", () => {
  test("are means over the runs, by epoch; the last line of an epoch counts", () => {
    const file = written([
      { architecture: NO_SKIP, trainAccuracy: 10 },
      { architecture: NO_SKIP, trainAccuracy: 20 },
      { epoch: 2, architecture: ALL_SKIP, trainAccuracy: 60 },
      { runIndex: 1, architecture: ALL_SKIP, trainAccuracy: 40 },
      { runIndex: 1, epoch: 2, architecture: ALL_SKIP, trainAccuracy: 80 },
      { method: "enas", architecture: ALL_SKIP },
      '{"method": "torn"',
    ]);
    const [enas, gdas] = readEpochCurves([file]);
    expect(enas).toMatchObject({ method: "enas", runs: 1, epochs: 1, trainAccuracy: null, skipShare: [100] });
    expect(gdas).toEqual({
      ...{ method: "gdas", search: "toy", runs: 2, epochs: 2 },
      ...{ trainAccuracy: [30, 70], skipShare: [50, 100] },
    });
  });

  test.each<[string, Line | string]>([
    ["no JSON", "{"],
    ["a method without a name", { method: 3 }],
    ["half an epoch", { epoch: 0.5 }],
    ["an architecture outside of the space", { architecture: 15_625 }],
    ["an accuracy that is a text", { trainAccuracy: "high" as never }],
  ])("refuse %s, naming the line", (_, line) => {
    const error = harnessErrorOf(() => readEpochCurves([written([{}, line, {}])]));
    expect(["NAS_SCHEMA", "NAS_JSON"]).toContain(error.code);
    expect(error.details.where).toMatch(/epochs\.jsonl.*2/);
  });
});

describe("charts", () => {
  test("are drawn inside of their frame, with what they show in words", () => {
    const file = written([
      { architecture: NO_SKIP, trainAccuracy: 0 },
      { epoch: 2, architecture: ALL_SKIP, trainAccuracy: 100 },
      "",
    ]);
    const text = epochSection(readEpochCurves([file]))?.text ?? "";
    expect(text).toContain('aria-label="gdas: at the end 100 % skip connections and a training accuracy of 100 %"');
    const points = [...text.matchAll(/points="([^"]+)"/g)].flatMap(([, list = ""]) => list.split(" "));
    expect(points).toHaveLength(4);
    for (const point of points) {
      const [x = Number.NaN, y = Number.NaN] = point.split(",").map(Number);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(260);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(130);
    }
  });

  test("a method's name can't bring markup", () => {
    const file = written([{ method: "<script>alert(1)</script>" }, ""]);
    expect(epochSection(readEpochCurves([file]))?.text).not.toContain("<script>");
  });

  test("without a log there are none", () => {
    expect(epochSection([])).toBeNull();
  });
});
