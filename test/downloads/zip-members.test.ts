import { writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { type ZipMember, zipMembers } from "../../core/downloads/zip-members.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { type ZipEntry, zipArchive } from "../helpers/zip-archive.ts";

const folder = sharedTemporaryFolder();
const TEXT = Buffer.from("one two three ".repeat(1000));
const ENTRIES: ZipEntry[] = [
  { name: "data/", content: Buffer.alloc(0), method: 0 },
  { name: "data/a.json", content: TEXT },
  { name: "stored.bin", content: Buffer.from([1, 2, 3]), method: 0 },
  { name: "empty", content: Buffer.alloc(0), method: 0 },
];

function archiveOf(bytes: Uint8Array): string {
  const file = path.join(folder, "a.zip");
  writeFileSync(file, bytes);
  return file;
}

async function contentOf(member: ZipMember): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of member.content(new AbortController().signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function contentsOf(bytes: Uint8Array): Promise<Record<string, Buffer>> {
  const contents: Record<string, Buffer> = {};
  for (const member of zipMembers(archiveOf(bytes))) contents[member.name] = await contentOf(member);
  return contents;
}

const EXPECTED = { "data/a.json": TEXT, "stored.bin": Buffer.from([1, 2, 3]), empty: Buffer.alloc(0) };

test.each([
  ["plain", zipArchive(ENTRIES)],
  ["with a comment", zipArchive(ENTRIES, { comment: "made by a test PK\x05\x06" })],
  ["zip64", zipArchive(ENTRIES, { zip64: true })],
  [
    "of another writer",
    zipSync({
      data: { "a.json": TEXT },
      "stored.bin": [new Uint8Array([1, 2, 3]), { level: 0 }],
      empty: new Uint8Array(0),
    }),
  ],
])("an archive that is %s gives its files", async (_, bytes) => {
  expect(await contentsOf(bytes)).toMatchObject(EXPECTED);
});

test("an archive without files", async () => {
  expect(await contentsOf(zipArchive([]))).toEqual({});
});

describe("what is refused", () => {
  const zip64 = zipArchive(ENTRIES, { zip64: true });
  const withoutLocator = Buffer.concat([zip64.subarray(0, -42), Buffer.alloc(20), zip64.subarray(-22)]);
  const one = (change: Partial<ZipEntry>) => zipArchive([{ name: "a", content: TEXT, ...change }]);

  test.each<[string, Buffer, string]>([
    ["encrypted", one({ isEncrypted: true }), "has an encrypted file: a"],
    ["packed otherwise", one({ method: 12 }), "packed by method 12"],
    ["damaged", one({ crc: 1 }), "is damaged: a does not have its checksum"],
    ["shorter than announced", one({ bytes: TEXT.length + 1 }), `holds ${TEXT.length} of the ${TEXT.length + 1} bytes`],
    ["longer than announced", one({ bytes: 5 }), "holds more than the 5 bytes"],
    ["no zip", Buffer.from("<html>".repeat(100)), "has no end record"],
    ["empty", Buffer.alloc(0), "has no end record"],
    ["without its zip64 locator", withoutLocator, "lacks its zip64 locator"],
  ])("an archive that is %s", async (_, bytes, message) => {
    await expect(contentsOf(bytes)).rejects.toThrow(message);
  });

  test("one that is cut off anywhere, or has a byte changed, gives the right bytes or an error", async () => {
    const bytes = zipArchive(ENTRIES.map((entry) => ({ ...entry, content: entry.content.subarray(0, 40) })));
    const outcome = async (changed: Buffer) => {
      try {
        return await contentsOf(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(HarnessError);
        expect((error as HarnessError).code).toBe("NAS_DOWNLOAD");
        return null;
      }
    };
    for (let length = 0; length < bytes.length; length += 3)
      expect(await outcome(bytes.subarray(0, length))).toBeNull();
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ flip;
        const contents = Object.values((await outcome(changed)) ?? {});
        const right = [TEXT.subarray(0, 40), Buffer.from([1, 2, 3]), Buffer.alloc(0)];
        for (const content of contents) expect(right.some((expected) => expected.equals(content))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("a file that is not there", () => {
    expect(harnessErrorOf(() => zipMembers(path.join(folder, "none.zip"))).code).toBe("NAS_FILE_NOT_FOUND");
  });
});
