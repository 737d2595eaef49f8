import fc from "fast-check";
import { expect, test } from "vitest";
import { operationsOf, parseArchitecture } from "../../../core/space/codec.ts";
import { usedEdges } from "../../../core/space/reachability.ts";
import { cellDrawing } from "../../../leaderboard/site/cell-drawing.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { readChart } from "../../helpers/svg-elements.ts";

const NAMES = {
  none: "none",
  skip_connect: "skip",
  nor_conv_1x1: "conv 1×1",
  nor_conv_3x3: "conv 3×3",
  avg_pool_3x3: "pool 3×3",
};

test("every edge has its operation's name, in parentheses and dashed where it leads nowhere", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 15_624 }), (architecture) => {
      const svg = readChart(cellDrawing(architecture));
      const used = usedEdges(architecture);
      const groups = [...svg.querySelectorAll("g")];
      expect(groups.map((group) => group.querySelector("text")?.textContent)).toEqual(
        operationsOf(architecture).map((operation, edge) =>
          used[edge] || operation === "none" ? NAMES[operation] : `(${NAMES[operation]})`,
        ),
      );
      const dashes = groups.map((group) => group.querySelector("path")?.getAttribute("stroke-dasharray"));
      expect(dashes.map((dash) => dash === "none")).toEqual(used);
    }),
    { numRuns: 60 },
  );
});

test("arrows: none where nothing flows", () => {
  const architecture = parseArchitecture("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|");
  expect([...readChart(cellDrawing(architecture)).querySelectorAll("g path[fill=currentColor]")]).toHaveLength(1);
  expect(cellDrawing(architecture).text).toContain("|nor_conv_3x3~0|none~1|none~2|");
});

test("the text stays inside the drawing", () => {
  for (const text of readChart(cellDrawing(6111)).querySelectorAll("text")) {
    expect(Number(text.getAttribute("y"))).toBeGreaterThan(12);
    expect(Number(text.getAttribute("y"))).toBeLessThan(212);
  }
});

test("no index of an architecture", () => {
  for (const index of [-1, 15_625, 0.5, Number.NaN]) {
    expect(harnessErrorOf(() => cellDrawing(index)).code).toBe("NAS_ARCHITECTURE_INDEX");
  }
});
