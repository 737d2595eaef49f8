import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openConstraints } from "../../core/costs/constraints.ts";
import { checkCostTable } from "../../core/costs/cost-check.ts";
import { costAt, openCostTable, readCostCard } from "../../core/costs/cost-table.ts";
import type { Constraint } from "../../schemas/generated/protocol.ts";
import { constrainedProtocol, FIVE_MS } from "../helpers/constrained-protocol.ts";
import { chipIsMeasured, phoneLatency, writeGeneratedCosts } from "../helpers/generated-costs.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { setVariables } from "../helpers/variables.ts";

const shared = sharedTemporaryFolder();
const folder = path.join(shared, "costs");
const card = writeGeneratedCosts(folder);
const CHIP: Constraint = { costs: "generated-costs", column: "chip-energy", atMost: 50 };

/** What constraints on the first search allow. */
function opened(...constraints: Constraint[]) {
  setVariables({ NAS_HARNESS_TABLES: shared });
  const { bySearch } = openConstraints(constrainedProtocol(constraints));
  const [first] = bySearch.values();
  if (first === undefined) throw new Error("no constraints");
  return first;
}

describe("a cost table", () => {
  test("is read as it was written, and the same values give the same bytes", () => {
    const { values } = openCostTable(folder);
    for (const architecture of [0, 1, 7, 6111, 15_624]) {
      expect(costAt(values[0]!, architecture)).toBe(phoneLatency(architecture));
      expect(costAt(values[1]!, architecture)).toBe(2 * phoneLatency(architecture));
      const energy = chipIsMeasured(architecture) ? Math.fround((architecture % 1000) / 10) : null;
      expect(costAt(values[2]!, architecture)).toBe(energy);
    }
    expect(writeGeneratedCosts(path.join(temporaryFolder(), "again"))).toEqual(card);
  });

  test("passes its checks, which name unit and range and what was not measured", () => {
    const checks = checkCostTable(folder, card);
    expect(checks.every(({ result }) => result === "ok")).toBe(true);
    expect(checks.map(({ found }) => found).join("\n")).toMatch(/1\.500 to 24\.00 ms[\s\S]*mJ, 2233 not measured/);
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ["truncated", (bytes) => bytes.subarray(0, bytes.length - 1)],
    ["changed", (bytes) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 255 : byte)) as Buffer],
  ])("that is %s is refused", (_, damage) => {
    const broken = path.join(temporaryFolder(), "broken");
    writeGeneratedCosts(broken);
    const file = path.join(broken, "costs.arrow");
    writeFileSync(file, damage(readFileSync(file)));
    expect(harnessErrorOf(() => openCostTable(broken)).code).toBe("NAS_TABLE_CORRUPT");
    expect(checkCostTable(broken, readCostCard(broken))[0]).toMatchObject({ result: "failed" });
  });

  test("whose card renames a column or states another content is refused", () => {
    const broken = path.join(temporaryFolder(), "broken");
    writeGeneratedCosts(broken);
    const file = path.join(broken, "costs.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("chip-energy", "chop-energy"));
    expect(harnessErrorOf(() => openCostTable(broken)).details.what).toContain("chop-energy");
    writeFileSync(file, text.replace(card.contentHash, "0".repeat(64)));
    expect(harnessErrorOf(() => openCostTable(broken)).details.what).toContain("the content's hash is");
  });
});

describe("constraints", () => {
  test("allow what costs at most the limit, the limit itself included", () => {
    const { allowed, count } = opened(FIVE_MS);
    const expected = Array.from(allowed, (_, index) => (phoneLatency(index) <= 5 ? 1 : 0));
    expect([...allowed]).toEqual(expected);
    expect(count).toBe(expected.filter((flag) => flag === 1).length);
    expect(expected.some((flag, index) => flag === 1 && phoneLatency(index) === 5)).toBe(true);
  });

  test("must all hold, and what was not measured is not allowed and said so", () => {
    const both = opened(FIVE_MS, CHIP);
    const { allowed } = both;
    const holds = (index: number) => phoneLatency(index) <= 5 && chipIsMeasured(index) && (index % 1000) / 10 <= 50;
    expect([...allowed]).toEqual(Array.from(allowed, (_, index) => (holds(index) ? 1 : 0)));
    const unmeasured = allowed.findIndex((_, index) => !chipIsMeasured(index) && phoneLatency(index) <= 5);
    expect(both.violation(unmeasured)).toMatch(/chip-energy must be at most 50 mJ, nothing was measured/);
    expect(both.violation(allowed.indexOf(1))).toBeNull();
    const slow = allowed.findIndex((_, index) => phoneLatency(index) === 12);
    expect(both.violation(slow)).toMatch(/phone-latency \(cifar10\) must be at most 5 ms, it is 12 ms/);
  });

  test("compare as float32: a value that prints like the limit is allowed", () => {
    // 0.1 as float32 is above 0.1.
    const { allowed } = opened({ ...CHIP, atMost: 0.1 });
    expect([allowed[1], allowed[2]]).toEqual([1, 0]);
  });

  test("of a table, column or dataset that is not there are refused with what is", () => {
    const refused = (change: Partial<Constraint>) => harnessErrorOf(() => opened({ ...FIVE_MS, ...change }));
    const table = refused({ costs: "nowhere" });
    expect(table.code).toBe("NAS_TABLE_NOT_FOUND");
    expect(table.details.allowed).toContain("generated-costs");
    expect(table.details.next).toContain("table import hw");
    const column = refused({ column: "pager-latency" });
    expect(column.code).toBe("NAS_NOT_RECORDED");
    expect(column.details.allowed).toBe("phone-latency, chip-energy");
    expect(refused({ dataset: "imagenet16-120" }).details.allowed).toBe("dataset cifar10, dataset cifar100");
    const { dataset: _, ...without } = FIVE_MS;
    expect(harnessErrorOf(() => opened(without)).details.allowed).toBe("dataset cifar10, dataset cifar100");
    expect(harnessErrorOf(() => opened({ ...CHIP, dataset: "cifar10" })).details.allowed).toBe("without dataset");
  });

  test("that allow nothing are refused", () => {
    const error = harnessErrorOf(() => opened({ ...FIVE_MS, atMost: 1 }));
    expect(error.code).toBe("NAS_TABLE_REFUSED");
    expect(error.details.where).toContain("phone-latency (cifar10) at most 1 ms, by generated-costs 1.0.0");
  });

  test("of a session demand the content that it began with", () => {
    setVariables({ NAS_HARNESS_TABLES: shared });
    const pinned = { id: card.id, folder, contentHash: "0".repeat(64) };
    expect(harnessErrorOf(() => openConstraints(constrainedProtocol(), [pinned])).details.what).toContain("replaced");
    const same = { ...pinned, contentHash: card.contentHash };
    expect(openConstraints(constrainedProtocol(), [same]).bySearch.size).toBe(1);
  });
});
