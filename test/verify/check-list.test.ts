import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../core/errors/catalogue.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { CheckList, type CheckToMake } from "../../core/verify/check-list.ts";

const check = (name: string, find: CheckToMake["find"], needs: readonly string[] = []): CheckToMake => ({
  ...{ name, title: `${name} holds`, find, needs },
});

const failing = (code: ErrorCode, where?: string) => () => {
  throw new HarnessError(code, { what: "it is so", ...(where === undefined ? {} : { where }) });
};

test("checks are reported as they are made, with faults, remarks or the reason for skipping them", async () => {
  const told: string[] = [];
  const checks = new CheckList(({ name, outcome }) => told.push(`${name} ${outcome}`));
  expect(await checks.make(check("one", () => ({ faults: [], remarks: ["well"] })))).toBe(true);
  expect(await checks.make(check("two", async () => ({ faults: ["bad"], remarks: ["besides"] })))).toBe(false);
  expect(await checks.make(check("three", () => ({ skipped: "no reason to" })))).toBe(false);
  expect(told).toEqual(["one passed", "two failed", "three skipped"]);
  expect(checks.results.map(({ reasons }) => reasons)).toEqual([["well"], ["bad", "besides"], ["no reason to"]]);
  expect(checks.results[0]).toEqual({ name: "one", title: "one holds", outcome: "passed", reasons: ["well"] });
});

test("a check is not made where one that it needs did not pass, was skipped or is not there", async () => {
  const checks = new CheckList();
  let made = 0;
  const count = () => {
    made++;
    return { faults: [] };
  };
  await checks.make(check("bad", () => ({ faults: ["bad"] })));
  await checks.make(check("skipped", () => ({ skipped: "so" })));
  await checks.make(check("good", count));
  await checks.make(check("after", count, ["good", "bad", "skipped", "unknown"]));
  await checks.make(check("chain", count, ["after"]));
  await checks.make(check("fine", count, ["good"]));
  expect(made).toBe(2);
  expect(checks.results[3]).toMatchObject({
    outcome: "skipped",
    reasons: ["not made: bad, skipped, unknown did not pass"],
  });
  expect(checks.results[4]).toMatchObject({ outcome: "skipped", reasons: ["not made: after did not pass"] });
  expect(checks.havePassed(["good", "fine"])).toBe(true);
  expect(checks.havePassed(["good", "bad"])).toBe(false);
  expect(checks.havePassed(["unknown"])).toBe(false);
});

test("twelve reasons are shown, of more their number", async () => {
  const checks = new CheckList();
  const faults = (count: number) => Array.from({ length: count }, (_, at) => `fault ${at}`);
  await checks.make(check("twelve", () => ({ faults: faults(12) })));
  await checks.make(check("many", () => ({ faults: faults(500), remarks: ["besides"] })));
  expect(checks.results[0]?.reasons).toHaveLength(12);
  expect(checks.results[1]?.reasons).toEqual([...faults(12), "and 488 more", "besides"]);
});

describe("what a check throws", () => {
  test.each<[ErrorCode, string | undefined, string]>([
    ["NAS_SCHEMA", "file\n- one\n- two", "NAS_SCHEMA: it is so (file; one; two)"],
    ["NAS_PLUGIN_ENTRY", undefined, "NAS_PLUGIN_ENTRY: it is so"],
    ["NAS_SUBMISSION", "there", "NAS_SUBMISSION: it is so (there)"],
  ])("%s is a fault of the submission", async (code, where, fault) => {
    const checks = new CheckList();
    await checks.make(check("one", failing(code, where)));
    expect(checks.results[0]).toMatchObject({ outcome: "failed", reasons: [fault] });
  });

  test("a broken table is the submission's fault where it was handed in", async () => {
    const checks = new CheckList();
    await checks.make({ ...check("one", failing("NAS_TABLE_CORRUPT", "there")), ownsTable: true });
    expect(checks.results[0]).toMatchObject({ outcome: "failed", reasons: ["NAS_TABLE_CORRUPT: it is so (there)"] });
    await expect(checks.make({ ...check("two", failing("NAS_ISOLATION")), ownsTable: true })).rejects.toThrow();
  });

  test.each<[string, () => never]>([
    ["the environment's", failing("NAS_ISOLATION")],
    ["a table's that came with the harness", failing("NAS_TABLE_CORRUPT")],
    ["a defect's", failing("NAS_INTERNAL")],
    [
      "no HarnessError",
      () => {
        throw new TypeError("oops");
      },
    ],
  ])("%s says nothing about it and is thrown on", async (_, find) => {
    const checks = new CheckList();
    await expect(checks.make(check("one", find))).rejects.toThrow();
    expect(checks.results).toEqual([]);
  });
});
