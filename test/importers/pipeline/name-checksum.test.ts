import { describe, expect, test } from "vitest";
import { compareWithName, digitsInName } from "../../../core/importers/pipeline/name-checksum.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";

const DIGESTS = { md5: "3ffb9aaaaaaaaaaaaaaaaaaaaa096897", sha256: `${"c".repeat(58)}e61699` };

test.each([
  ["NATS-tss-v1_0-3ffb9.pickle.pbz2", "3ffb9"],
  ["/data/NAS-Bench-201-v1_0-e61699.pth", "e61699"],
  ["NAS-Bench-201-v1_1-096897.pth", "096897"],
  ["NATS-tss-v1_0-3ffb9-simple.tar", null],
  ["NATS-tss-v1_0-3ffb9-simple", null],
  ["mine.pth", null],
  ["NAS-Bench-201-v1_1.pth", null],
])("the digits in %s are %s", (name, digits) => {
  expect(digitsInName(name)).toBe(digits);
});

describe("a file with digits in its name", () => {
  test.each([
    ["NATS-tss-v1_0-3ffb9.pickle.pbz2", "MD5"],
    ["NAS-Bench-201-v1_1-096897.pth", "MD5"],
    ["NAS-Bench-201-v1_0-e61699.pth", "SHA-256"],
  ])("%s may begin or end with them: %s", (name, algorithm) => {
    expect(compareWithName(name, DIGESTS)?.algorithm).toBe(algorithm);
  });

  test("is refused if they are of neither", () => {
    const error = harnessErrorOf(() => compareWithName("NAS-Bench-201-v1_1-096898.pth", DIGESTS));
    expect(error.code).toBe("NAS_IMPORT");
    expect(error.message).toContain("096898 neither begins nor ends its MD5");
  });
});

test("another name claims nothing", () => {
  expect(compareWithName("mine.pth", DIGESTS)).toBeNull();
});
