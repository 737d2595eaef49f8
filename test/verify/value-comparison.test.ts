import { expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { hashOf } from "../../core/random/seed.ts";
import { freshProtocol, freshSeedsFinding } from "../../core/verify/fresh-seeds-check.ts";
import { relabellingFinding } from "../../core/verify/relabelling-check.ts";
import { compareValues, comparisonText } from "../../core/verify/value-comparison.ts";

/** So many values from a first one on, 0.1 apart. */
const from = (first: number, count = 10) => Array.from({ length: count }, (_, at) => first + at / 10);
const values = (...columns: (readonly [string, readonly number[]])[]) => new Map(columns);

test("columns that both have are compared, each with the means and a p-value adjusted for the others", () => {
  const own = values(["a/test", [1, 2, 3]], ["a/valid", [4, 5, 6]], ["b/test", [7]]);
  const other = values(["a/test", [4, 5, 6]], ["a/valid", [4, 5, 6]], ["b/test", []], ["c/test", [1]]);
  const [first, second, ...rest] = compareValues(own, other, "differ");
  expect(rest).toEqual([]);
  // Three against three, all apart: exactly 2 of 20 orders are as extreme; twice that after Holm.
  expect(first).toMatchObject({ column: "a/test", submitted: 2, other: 5 });
  expect(first?.p).toBeGreaterThan(0.099);
  expect(second).toMatchObject({ column: "a/valid", submitted: 5, other: 5, p: 1 });
});

test("one-sided, only worse others count", () => {
  const [worse] = compareValues(values(["x", from(9)]), values(["x", from(1)]), "other-lower");
  const [better] = compareValues(values(["x", from(1)]), values(["x", from(9)]), "other-lower");
  expect(worse?.p).toBeLessThan(0.001);
  expect(better?.p).toBeGreaterThan(0.99);
});

test("a comparison is told with three decimals and its p-value", () => {
  const comparison = { column: "a/test", submitted: 91.5, other: 90.25 };
  expect(comparisonText({ ...comparison, p: 0.25 }, "elsewhere")).toBe(
    "a/test: 91.500 % submitted, 90.250 % elsewhere (p = 0.2500)",
  );
  expect(comparisonText({ ...comparison, p: 1.26e-7 }, "elsewhere")).toContain("(p = 1.3e-7)");
});

test("fresh seeds may not differ in either direction", () => {
  const [low, high] = [values(["x", from(1)]), values(["x", from(9)])];
  expect(freshSeedsFinding(high, low)).toEqual({
    faults: [expect.stringContaining("9.450 % submitted, 1.450 % under")],
  });
  expect(freshSeedsFinding(low, high)).toEqual({
    faults: [expect.stringContaining("1.450 % submitted, 9.450 % under")],
  });
  expect(freshSeedsFinding(low, low)).toEqual({ faults: [], remarks: [expect.stringContaining("(p = 1.0000)")] });
});

test("fresh seeds come from the base commit and the method, and nothing else of the protocol changes", () => {
  const protocol = loadProtocol("nas-bench-201");
  const fresh = freshProtocol(protocol, "a".repeat(40), "rs");
  expect(fresh).toEqual({ ...protocol, masterSeed: hashOf(["nas-harness/fresh-seeds", "a".repeat(40), "rs"]) });
  const others = [freshProtocol(protocol, "b".repeat(40), "rs"), freshProtocol(protocol, "a".repeat(40), "rea")];
  expect(new Set([fresh, ...others].map(({ masterSeed }) => masterSeed)).size).toBe(3);
});

test("a loss under other names counts if it is more than a quarter of random search's standard deviation", () => {
  const submitted = values(["x", from(50)]);
  const relabelled = values(["x", from(49)]);
  // Two values 8 apart: standard deviation 4, a quarter of it 1; the loss is exactly 1.
  expect(relabellingFinding(submitted, relabelled, values(["x", [0, 8]]))).toEqual({
    faults: [],
    remarks: [expect.stringMatching(/49\.450 % relabelled .* a loss of 1\.000 is a quarter/)],
  });
  expect(relabellingFinding(submitted, relabelled, values(["x", [0, 7.9]]))).toEqual({
    faults: [expect.stringContaining("50.450 % submitted, 49.450 % relabelled")],
  });
});

test("a gain under other names, and a loss by chance, are none", () => {
  const random = values(["x", [0, 0]]);
  expect(relabellingFinding(values(["x", from(1)]), values(["x", from(9)]), random)).toMatchObject({ faults: [] });
  expect(relabellingFinding(values(["x", [2, 9]]), values(["x", [1, 8]]), random)).toMatchObject({ faults: [] });
});
