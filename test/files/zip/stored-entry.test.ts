import { writeFileSync } from "node:fs";
import path from "node:path";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { readStoredEntry } from "../../../core/files/zip/stored-entry.ts";
import { readZipDirectory } from "../../../core/files/zip/zip-directory.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { zipBytes } from "../../helpers/zip-bytes.ts";

const CONTENT = { "a/data.pkl": Buffer.from("hello"), "a/version": Buffer.alloc(3_000_000, 51) };

function written(bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), "a.zip");
  writeFileSync(file, bytes);
  return file;
}

async function contents(file: string): Promise<Record<string, Buffer>> {
  const read: Record<string, Buffer> = {};
  for (const entry of await readZipDirectory(file)) {
    const parts: Uint8Array[] = [];
    for await (const part of readStoredEntry(file, entry)) parts.push(part);
    read[entry.name] = Buffer.concat(parts);
  }
  return read;
}

test.each<[string, () => Uint8Array]>([
  ["zip64", () => zipBytes(CONTENT)],
  ["plain", () => zipBytes(CONTENT, false)],
  ["fflate's", () => zipSync(CONTENT, { level: 0 })],
])("every entry of a %s file", async (_, make) => {
  expect(await contents(written(make()))).toEqual(CONTENT);
});

test("what is broken, cut or packed is refused", async () => {
  const bytes = zipBytes({ "a/data.pkl": Buffer.from("hello") });
  for (let end = 0; end < bytes.length; end++)
    await expect(contents(written(bytes.subarray(0, end)))).rejects.toMatchObject({ code: "NAS_ZIP" });
  const changed = Buffer.from(bytes);
  changed[bytes.indexOf("hello")] = 0;
  await expect(contents(written(changed))).rejects.toMatchObject({
    code: "NAS_ZIP",
    details: { what: "the checksum of the entry a/data.pkl is wrong" },
  });
  const packed = written(zipSync({ a: Buffer.alloc(1000) }));
  await expect(contents(packed)).rejects.toMatchObject({ details: { what: "the entry a is packed (method 8)" } });
});
