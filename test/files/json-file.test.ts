import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDocument, parseJson, readBytes, readDocument, readTextFile } from "../../core/files/json-file.ts";
import { jsonFaultPosition } from "../../core/files/json-position.ts";
import { harnessVersion } from "../../core/files/package-version.ts";
import { protocol } from "../../schemas/generated/validators.cjs";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** What V8 says about a text; null if it is JSON. */
function messageOfParser(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return String(error);
  }
}

describe("reading", () => {
  test("gives text and bytes", () => {
    const file = path.join(temporaryFolder(), "ä.txt");
    writeFileSync(file, "größe\n");
    expect(readTextFile(file)).toBe("größe\n");
    expect(readBytes(file)).toHaveLength(8);
  });

  test("what does not exist, or lies below a file, is not found", () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "file"), "");
    for (const file of [path.join(folder, "missing.json"), path.join(folder, "file", "a.json")]) {
      const error = harnessErrorOf(() => readTextFile(file, "look elsewhere"));
      expect(error.code).toBe("NAS_FILE_NOT_FOUND");
      expect(error.details).toMatchObject({ where: file, next: "look elsewhere" });
    }
  });

  test("a folder is unreadable as a file", () => {
    const folder = path.join(temporaryFolder(), "a.json");
    mkdirSync(folder);
    const error = harnessErrorOf(() => readBytes(folder));
    expect(error.code).toBe("NAS_FILE_UNREADABLE");
    expect(error.exitCode).toBe(4);
    expect(error.details.where).toBe(folder);
  });
});

describe("malformed JSON is shown with its line and column", () => {
  test.each([
    ["nothing", "", "1:1"],
    ["white space only", " \n ", "2:2"],
    ["an object that does not end", '{\n  "a": 1', "2:9"],
    ["a list that does not end", "[1,\n 2,\n 3", "3:3"],
    ["a trailing comma in an object", '{\n  "a": 1,\n}', "3:1"],
    ["a trailing comma in a list", "[1, 2,]", "1:7"],
    ["two commas", "[1,,2]", "1:4"],
    ["a key without quotes", "{a: 1}", "1:2"],
    ["a key in single quotes", "{'a': 1}", "1:2"],
    ["a number as key", "{1: 1}", "1:2"],
    ["no colon", '{"a" 1}', "1:6"],
    ["no value", '{"a": }', "1:7"],
    ["no comma in an object", '{"a": 1\n "b": 2}', "2:2"],
    ["no comma in a list", "[1 2]", "1:4"],
    ["the wrong bracket", '{"a": [1}', "1:9"],
    ["a bracket too many", "[1]]", "1:4"],
    ["a second value", "{} {}", "1:4"],
    ["a comment", "// a protocol\n{}", "1:1"],
    ["a byte order mark", "\ufeff{}", "1:1"],
    ["NaN", '{"a": NaN}', "1:7"],
    ["a misspelt literal", "[true, flase]", "1:8"],
    ["a cut literal", "[tru", "1:2"],
    ["a leading zero", "[1, 01]", "1:6"],
    ["a bare minus", "[-]", "1:2"],
    ["a number that ends with its point", "[1.]", "1:3"],
    ["a plus sign", "[+1]", "1:2"],
    ["a string that does not end", '{"a": "b}', "1:7"],
    ["a line break in a string", '["a\nb"]', "1:2"],
    ["an unknown escape", '["a\\xb"]', "1:2"],
    ["a cut escape", '["\\u12"]', "1:2"],
    ["text after characters of two units", '["😀😀" x]', "1:9"],
  ])("%s", (_, text, position) => {
    const error = harnessErrorOf(() => parseJson(text, "protocol.json"));
    expect(error.code).toBe("NAS_JSON");
    expect(error.details.where).toBe(`protocol.json:${position}`);
    expect(error.details.what).toMatch(/^the file is not valid JSON: [^(]+$/);
    expect(error.details.what).not.toContain("position");
  });

  test("the position is the start of the token in which V8 stops", () => {
    const spoilt = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", ",", "}", "]", '"', "x", "1", ":", " "),
      fc.nat(2),
    );
    let compared = 0;
    fc.assert(
      fc.property(spoilt, ([json, where, inserted, removed]) => {
        const at = where % (json.length + 1);
        const text = json.slice(0, at) + inserted + json.slice(at + removed);
        const message = messageOfParser(text);
        if (message === null) return;
        const { line, column } = jsonFaultPosition(text);
        expect([line, column >= 1, column <= text.length + 1]).toEqual([1, true, true]);
        const position = /at position (\d+)/.exec(message)?.[1] ?? (/end of JSON/.test(message) ? text.length : null);
        if (position === null) return;
        compared++;
        expect(text.slice(column - 1, Number(position))).toMatch(/^(?:[\w.+-]*|".*)$/);
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  test("deep and long texts take no time", () => {
    const start = performance.now();
    expect(jsonFaultPosition("[".repeat(200_000))).toEqual({ line: 1, column: 200_001 });
    expect(jsonFaultPosition(`"${"a".repeat(2_000_000)}`)).toEqual({ line: 1, column: 1 });
    expect(jsonFaultPosition(`"${"\\n".repeat(1_000_000)}`)).toEqual({ line: 1, column: 1 });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("checking a document", () => {
  const broken = { id: "A", version: "1", title: "", space: "darts", extra: 1 };

  test("lists all faults at once, and the schema's one fault as one", () => {
    const error = harnessErrorOf(() => checkDocument(broken, protocol, "p.json"));
    expect(error.code).toBe("NAS_SCHEMA");
    const [file, ...faults] = (error.details.where ?? "").split("\n");
    expect(file).toBe("p.json");
    expect(error.details.what).toBe(`the document has ${faults.length} faults`);
    for (const field of [
      "id",
      "version",
      "title",
      "space",
      "extra",
      "description",
      "table",
      "masterSeed",
      "runs",
      "searches",
    ]) {
      expect(faults.filter((fault) => fault.includes(field)).length, field).toBeGreaterThanOrEqual(1);
    }
    expect(faults.every((fault) => fault.startsWith("- "))).toBe(true);
    expect(harnessErrorOf(() => checkDocument([], protocol, "p.json")).details.what).toBe("the document has 1 fault");
  });

  test("uses the code that it is given", () => {
    expect(harnessErrorOf(() => checkDocument({}, protocol, "p.json", "NAS_TABLE_CORRUPT")).code).toBe(
      "NAS_TABLE_CORRUPT",
    );
  });

  test("from a file goes through every stage", () => {
    const file = path.join(temporaryFolder(), "p.json");
    expect(harnessErrorOf(() => readDocument(file, protocol)).code).toBe("NAS_FILE_NOT_FOUND");
    writeFileSync(file, "{");
    expect(harnessErrorOf(() => readDocument(file, protocol)).code).toBe("NAS_JSON");
    writeFileSync(file, "{}");
    expect(harnessErrorOf(() => readDocument(file, protocol)).code).toBe("NAS_SCHEMA");
  });
});

test("the package's version is known", () => {
  expect(harnessVersion()).toMatch(/^\d+\.\d+\.\d+/);
});
