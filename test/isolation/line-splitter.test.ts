import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LineSplitter, LONGEST_LINE_BYTES } from "../../core/isolation/line-splitter.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";

/** Bytes in pieces of one size. */
function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

function linesOf(chunks: readonly Buffer[]): string[] {
  const splitter = new LineSplitter();
  const lines = chunks.flatMap((chunk) => splitter.push(chunk));
  splitter.end();
  return lines;
}

function refusalOf(chunks: readonly Buffer[]): string {
  const error = harnessErrorOf(() => linesOf(chunks));
  expect(error.code).toBe("NAS_GUEST_MESSAGE");
  return error.details.what;
}

/** 65,536 bytes each. */
const LONGEST = ["a".repeat(65_536), `${"€".repeat(21_845)}a`, "😀".repeat(16_384)];

test("lines come whole and in order, wherever their bytes are cut", () => {
  const character = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("ß", "€", "😀", "\r", "\u2028", "\ufeff"));
  const line = fc.array(character, { maxLength: 8 }).map((parts) => parts.join("").replaceAll("\n", ""));
  const lines = fc.array(fc.oneof({ arbitrary: line, weight: 9 }, fc.constantFrom(...LONGEST)), { maxLength: 8 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat(), { maxLength: 30 }), (texts, places) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
      const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
      const chunks = [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at] ?? bytes.length));
      expect(linesOf(chunks)).toEqual(texts);
    }),
  );
});

test("a line is given as soon as its end is there", () => {
  const splitter = new LineSplitter();
  expect(splitter.push(Buffer.from("fir"))).toEqual([]);
  expect(splitter.push(Buffer.from("st\nsecond\nth"))).toEqual(["first", "second"]);
  expect(splitter.push(Buffer.from("ird\n"))).toEqual(["third"]);
});

test("empty lines are lines", () => {
  expect(linesOf([Buffer.from("\n\na\n"), Buffer.from("\n")])).toEqual(["", "", "a", ""]);
  expect(linesOf([])).toEqual([]);
});

test("carriage returns and byte order marks are kept, for JSON to judge", () => {
  expect(linesOf([Buffer.from("\ufeffa\r\n\ufeffb\n")])).toEqual(["\ufeffa\r", "\ufeffb"]);
});

test("half a line at the end is refused", () => {
  expect(refusalOf([Buffer.from("a\nb")])).toContain("has no end");
  expect(refusalOf([Buffer.from("€").subarray(0, 1)])).toContain("has no end");
});

describe.each([
  ["a byte that never occurs", [0xff]],
  ["a character that is cut", [0xe2, 0x82]],
  ["a byte that continues nothing", [0x80]],
  ["a character in more bytes than it needs", [0xc0, 0x80]],
  ["half of a surrogate pair", [0xed, 0xa0, 0xbd]],
  ["a character past Unicode", [0xf4, 0x90, 0x80, 0x80]],
])("%s is no UTF-8", (_, wrong) => {
  const bytes = Buffer.from([...Buffer.from("good\n€"), ...wrong, ...Buffer.from("\ngood\n")]);

  test.each([1, 2, 3, 100])("in chunks of %i bytes", (size) => {
    expect(refusalOf(inPieces(bytes, size))).toContain("no UTF-8");
  });
});

describe.each(LONGEST.map((line) => [line.slice(0, 2), line]))("a line of %s", (_, line) => {
  test.each([1000, 65_536, 1_000_000])("may have 65,536 bytes but not one more, in chunks of %i bytes", (size) => {
    expect(Buffer.byteLength(line)).toBe(LONGEST_LINE_BYTES);
    expect(linesOf(inPieces(Buffer.from(`a\n${line}\nb\n`), size))).toEqual(["a", line, "b"]);
    for (const text of [`a\n${line}a\nb\n`, `${line}a\n`, `a\n${line}a`, `${line.repeat(20)}\na`]) {
      expect(refusalOf(inPieces(Buffer.from(text), size))).toContain("more than 65536 bytes");
    }
  });
});

test("a line without an end is refused before it fills the memory", () => {
  const splitter = new LineSplitter();
  const chunk = Buffer.alloc(1024, "a");
  for (let sent = 0; sent < 64; sent++) expect(splitter.push(chunk)).toEqual([]);
  expect(harnessErrorOf(() => splitter.push(chunk)).details.what).toContain("more than 65536 bytes");
});
