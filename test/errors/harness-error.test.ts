import { describe, expect, test } from "vitest";
import { type ErrorDetails, formatError, HarnessError, messageOf } from "../../core/errors/harness-error.ts";

const DETAILS: ErrorDetails = {
  what: "15625 is not an architecture index",
  where: "line one\nline two",
  allowed: "an integer from 0 to 15624",
  next: "give another one",
};

test("an error carries its code, parts and cause", () => {
  const cause = new RangeError("inner");
  const error = new HarnessError("NAS_USAGE", { ...DETAILS, cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe("HarnessError");
  expect(error.message).toBe("NAS_USAGE: 15625 is not an architecture index");
  expect(error.cause).toBe(cause);
  expect(error.exitCode).toBe(2);
  expect("cause" in new HarnessError("NAS_USAGE", DETAILS)).toBe(false);
});

describe("as text", () => {
  test("has a line a part, further lines indented below it", () => {
    expect(formatError(new HarnessError("NAS_USAGE", DETAILS))).toBe(
      [
        "NAS_USAGE: 15625 is not an architecture index",
        "  where:   line one",
        "           line two",
        "  allowed: an integer from 0 to 15624",
        "  next:    give another one",
      ].join("\n"),
    );
  });

  test("leaves out what is not known and never shows a stack trace", () => {
    const error = new HarnessError("NAS_INTERNAL", { what: "odd", cause: new Error("inner") });
    expect(formatError(error)).toBe("NAS_INTERNAL: odd");
  });
});

describe("as data", () => {
  test.each<[string, ErrorDetails]>([
    ["all parts", DETAILS],
    ["what alone", { what: "odd" }],
  ])("goes over a process border and back: %s", (_, details) => {
    const error = new HarnessError("NAS_TABLE_CORRUPT", details);
    const report = error.toReport();
    expect(report).toEqual({ code: "NAS_TABLE_CORRUPT", ...details });
    const rebuilt = HarnessError.fromReport(JSON.parse(JSON.stringify(report)));
    expect(formatError(rebuilt)).toBe(formatError(error));
    expect(rebuilt.exitCode).toBe(4);
  });

  test("never holds the cause", () => {
    expect(new HarnessError("NAS_USAGE", { what: "odd", cause: new Error("inner") }).toReport()).toEqual({
      code: "NAS_USAGE",
      what: "odd",
    });
  });
});

test.each([
  [new Error("a message"), "a message"],
  ["a text", "a text"],
  [undefined, "undefined"],
  [null, "null"],
  [42, "42"],
  [{ toString: () => "an object" }, "an object"],
  [Symbol("odd"), "Symbol(odd)"],
])("the message of anything thrown: %s", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});

test.each([
  ["an object without a prototype", Object.create(null)],
  [
    "an object whose text throws",
    {
      toString() {
        throw new Error("no text");
      },
    },
  ],
  ["an error whose message is no text", Object.assign(new Error("x"), { message: 42 })],
])("a message is found even for %s", (_, thrown) => {
  expect(typeof messageOf(thrown)).toBe("string");
});
