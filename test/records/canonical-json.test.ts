import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../core/records/canonical-json.ts";

describe("canonical JSON (RFC 8785)", () => {
  test("sorts keys by UTF-16 code units, not by code points or locale", () => {
    // The example of RFC 8785, section 3.2.3: the emoji's surrogates sort before U+FB33.
    const keys = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))));
    // JSON.parse moves integer-like keys to the front; "1" is the only one and sorts second.
    expect(sorted.filter((key) => key !== "1")).toEqual(["\r", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"]);
    expect(canonicalJson({ b: 1, a: 2, B: 3, ä: 4 })).toBe('{"B":3,"a":2,"b":1,"ä":4}');
  });

  test.each([
    [0, "0"],
    [-0, "0"],
    [1e21, "1e+21"],
    [1e-7, "1e-7"],
    [333333333.3333333, "333333333.3333333"],
    [9007199254740992, "9007199254740992"],
    [5e-324, "5e-324"],
  ])("writes the number %d as ECMAScript does", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test("writes no white space and only the escapes that JSON needs", () => {
    expect(canonicalJson({ a: [1, '\u000f\n"\\/€'], b: null, c: true })).toBe(
      '{"a":[1,"\\u000f\\n\\"\\\\/€"],"b":null,"c":true}',
    );
  });

  test.each([
    ["undefined", undefined],
    ["undefined in an object", { a: undefined }],
    ["undefined in a list", [undefined]],
    ["a hole in a list", new Array(1)],
    ["a function", () => 0],
    ["a symbol", Symbol("a")],
    ["a bigint", 1n],
    ["NaN", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["a lone surrogate", "\ud800"],
    ["a lone surrogate as a key", { "\udfff": 1 }],
  ])("refuses %s instead of dropping it", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test("reads back as the same value and does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        const reversed = (inner: unknown): unknown => {
          if (Array.isArray(inner)) return inner.map(reversed);
          if (typeof inner !== "object" || inner === null) return inner;
          return Object.fromEntries(
            Object.entries(inner)
              .reverse()
              .map(([key, each]) => [key, reversed(each)]),
          );
        };
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});
