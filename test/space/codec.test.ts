import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  choicesOf,
  formatArchitecture,
  fromChoices,
  isArchitecture,
  operationsOf,
  parseArchitecture,
  parseArchitectureOrIndex,
} from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT, OPERATIONS } from "../../core/space/operations.ts";
import { enumerateChoices, plainString } from "./architecture-strings.ts";

const architectures = fc.integer({ min: 0, max: ARCHITECTURE_COUNT - 1 });

test("string, choices, operations and index go round for every architecture", () => {
  const strings = new Set<string>();
  for (let architecture = 0; architecture < ARCHITECTURE_COUNT; architecture++) {
    const text = formatArchitecture(architecture);
    const choices = choicesOf(architecture);
    strings.add(text);
    if (parseArchitecture(text) !== architecture || fromChoices(choices) !== architecture) {
      expect.fail(`${architecture} does not go round`);
    }
    if (text !== plainString(choices)) expect.fail(`${architecture}: ${text} is not ${plainString(choices)}`);
  }
  expect(strings.size).toBe(15_625);
});

// 0, 9 and 123 are asserted by the authors (AutoDL-Projects, exps/NATS-Bench/tss-collect.py); the others are the published
// optima of CIFAR-10, CIFAR-100 and ImageNet16-120 and the last entry of `meta_archs`.
test.each([
  [0, "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|"],
  [1, "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|"],
  [9, "|avg_pool_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|nor_conv_3x3~2|"],
  [123, "|avg_pool_3x3~0|+|avg_pool_3x3~0|nor_conv_1x1~1|+|none~0|avg_pool_3x3~1|nor_conv_3x3~2|"],
  [857, "|nor_conv_1x1~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"],
  [6111, "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"],
  [9930, "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"],
  [15_624, "|nor_conv_1x1~0|+|none~0|nor_conv_1x1~1|+|none~0|nor_conv_1x1~1|nor_conv_1x1~2|"],
])("architecture %i is the official one", (architecture, text) => {
  expect(formatArchitecture(architecture)).toBe(text);
  expect(parseArchitecture(text)).toBe(architecture);
  expect(parseArchitectureOrIndex(text)).toBe(architecture);
  expect(parseArchitectureOrIndex(String(architecture))).toBe(architecture);
});

test("operations are named in the order of the edges", () => {
  expect(operationsOf(1)).toEqual([
    "nor_conv_3x3",
    "nor_conv_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "nor_conv_3x3",
    "skip_connect",
  ]);
  expect(choicesOf(1)).toEqual([3, 3, 4, 1, 3, 1]);
});

test("choices name each architecture once", () => {
  expect(new Set(enumerateChoices().map(fromChoices)).size).toBe(ARCHITECTURE_COUNT);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 6, maxLength: 6 }), (choices) => {
      expect(choicesOf(fromChoices(choices))).toEqual(choices);
      expect(fromChoices(Uint8Array.from(choices))).toBe(fromChoices(choices));
    }),
  );
});

describe("what is no architecture is refused", () => {
  test.each([-1, 15_625, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "7", null, undefined, 7n, {}])("%s", (value) => {
    expect(isArchitecture(value)).toBe(false);
    expect(() => choicesOf(value as number)).toThrow("NAS_ARCHITECTURE_INDEX");
    expect(() => formatArchitecture(value as number)).toThrow(`${value} is not an architecture index`);
  });

  test.each(["-1", "15625", "1e3", "1.5", "007x", "+5", "12345678901234567890"])("typed index %s", (text) => {
    expect(() => parseArchitectureOrIndex(text)).toThrow(/NAS_ARCHITECTURE_(INDEX|SYNTAX)/);
  });

  test.each<[string, number[]]>([
    ["too few", [0, 0, 0, 0, 0]],
    ["too many", [0, 0, 0, 0, 0, 0, 0]],
    ["none", []],
    ["out of range", [0, 0, 0, 0, 0, 5]],
    ["negative", [-1, 0, 0, 0, 0, 0]],
    ["a fraction", [0, 0.5, 0, 0, 0, 0]],
    ["NaN", [0, 0, Number.NaN, 0, 0, 0]],
  ])("choices: %s", (_, choices) => {
    expect(() => fromChoices(choices)).toThrow("NAS_ARCHITECTURE_INDEX");
  });
});

test("a zero in front of an index changes nothing", () => {
  expect(parseArchitectureOrIndex("0009")).toBe(9);
});

test("a string is read as it is written or not at all", () => {
  const edits = fc.tuple(
    architectures,
    fc.nat(100),
    fc.constantFrom(" ", "|", "+", "~", "0", "1", "x", "\n", "é", "none", ""),
    fc.nat(2),
  );
  fc.assert(
    fc.property(edits, ([architecture, position, inserted, removed]) => {
      const text = formatArchitecture(architecture);
      const at = position % text.length;
      const edited = text.slice(0, at) + inserted + text.slice(at + removed);
      try {
        // An edit may make another valid string; what is read then is what stands there.
        expect(formatArchitecture(parseArchitecture(edited))).toBe(edited);
      } catch (error) {
        expect(String(error)).toContain("NAS_ARCHITECTURE_SYNTAX");
      }
    }),
    { numRuns: 1000 },
  );
});

test("any text gives an architecture or an error with a code, never anything else", () => {
  const pieces = fc.constantFrom("|", "+", "~", "0", "1", "2", " ", ...OPERATIONS, "conv", "-");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((parts) => parts.join("")),
      ),
      (text) => {
        try {
          expect(isArchitecture(parseArchitectureOrIndex(text))).toBe(true);
        } catch (error) {
          expect(String(error)).toMatch(/NAS_ARCHITECTURE_(SYNTAX|INDEX)/);
        }
      },
    ),
  );
});
