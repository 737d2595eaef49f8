import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eachLine, LineReader } from "../../core/files/text-lines.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

function fileOf(text: string, name = "lines.txt", folder = temporaryFolder()): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** The pieces between line feeds as `split` sees them, without the empty one after the last line feed. */
function piecesOf(text: string): string[] {
  const pieces = text.split("\n");
  return pieces.at(-1) === "" ? pieces.slice(0, -1) : pieces;
}

describe("the lines of a file", () => {
  test("are what splitting the whole text gives, whatever their lengths and characters", () => {
    const folder = temporaryFolder();
    const longLine = fc
      .tuple(fc.constantFrom("a", "ß", "€", "😀"), fc.integer({ min: 15_000, max: 80_000 }))
      .map(([character, count]) => character.repeat(count));
    const line = fc.oneof(fc.string({ unit: "grapheme" }), longLine);
    const text = fc.array(
      line.map((content) => content.replaceAll("\n", "")),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(text, fc.boolean(), (lines, isWhole) => {
        const content = lines.join("\n") + (isWhole && lines.length > 0 ? "\n" : "");
        const read = [...eachLine(fileOf(content, "lines.txt", folder))];
        expect(read.map((one) => one.text)).toEqual(piecesOf(content));
        expect(read.map((one) => one.place.number)).toEqual(read.map((_, at) => at + 1));
        const bytes = Buffer.from(content);
        for (const { text: own, place, isWhole: ends } of read) {
          const end = place.start + place.bytes;
          expect(bytes.toString("utf8", place.start, end)).toBe(own);
          expect(ends).toBe(bytes[end] === 10);
        }
      }),
      { numRuns: 60, seed: 6 },
    );
  });

  test("of an empty file are none", () => {
    expect([...eachLine(fileOf(""))]).toEqual([]);
  });

  test("are read one chunk after the other, not all at once", () => {
    const file = fileOf(`${"first\n".repeat(50_000)}`);
    const lines = eachLine(file);
    expect(lines.next().value?.text).toBe("first");
    writeFileSync(file, `${"other\n".repeat(50_000)}`);
    expect([...lines].at(-1)?.text).toBe("other");
  });

  test("of what is no file or can't be read name it", () => {
    const folder = temporaryFolder();
    const missing = harnessErrorOf(() => [...eachLine(path.join(folder, "missing"), "make it")]);
    expect(missing.code).toBe("NAS_FILE_NOT_FOUND");
    expect(missing.details).toMatchObject({ where: path.join(folder, "missing"), next: "make it" });
    mkdirSync(path.join(folder, "folder"));
    const unreadable = harnessErrorOf(() => [...eachLine(path.join(folder, "folder"))]);
    expect(unreadable.code).toBe("NAS_FILE_UNREADABLE");
    expect(unreadable.details.where).toBe(path.join(folder, "folder"));
  });
});

describe("reading lines again", () => {
  test("gives the same text in any order and from several files", () => {
    const folder = temporaryFolder();
    const first = [...eachLine(fileOf("eins\nzwölf\n😀\n", "first", folder))];
    const second = [...eachLine(fileOf("\nlast", "second", folder))];
    const mixed = [second[1], first[2], first[0], second[0], first[1]].flatMap((line) => line ?? []);
    expect(mixed).toHaveLength(5);
    const reader = new LineReader();
    expect(mixed.map(({ place }) => reader.read(place))).toEqual(["last", "😀", "eins", "", "zwölf"]);
    reader.close();
  });

  test("gives what is left of a file that became shorter", () => {
    const file = fileOf("0123456789\nabcdef\n");
    const places = [...eachLine(file)].map(({ place }) => place);
    writeFileSync(file, "0123456789\nabc");
    const reader = new LineReader();
    expect(places.map((place) => reader.read(place))).toEqual(["0123456789", "abc"]);
    reader.close();
  });
});
