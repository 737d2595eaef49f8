import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { tarMembers } from "../../core/downloads/tar-members.ts";
import { unpackMembers } from "../../core/downloads/unpacking.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { tarBytes } from "../helpers/tar-bytes.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const A = Buffer.from(Array.from({ length: 1300 }, (_, at) => at % 256));
const B = Buffer.alloc(512, 7);
const ENTRIES = [
  { name: "d/", type: "5" },
  { name: "d/a.bin", content: A },
  { name: "d/link", type: "2" },
  { name: "d/empty" },
  { name: "b.bin", content: B, prefix: "d/e" },
];
const WANTED = [
  { member: "d/e/b.bin", name: "b.bin", bytes: 512 },
  { member: "d/a.bin", name: "renamed.bin", bytes: 1300 },
];

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function membersOf(bytes: Buffer, size: number) {
  const members: [string, Buffer][] = [];
  for await (const { name, content } of tarMembers(inChunks(bytes, size), "a.tar")) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    members.push([name, Buffer.concat(pieces)]);
  }
  return members;
}

test.each([1, 100, 512, 5000])("regular files of an archive that comes in pieces of %i bytes", async (size) => {
  const expected = [
    ["d/a.bin", A],
    ["d/empty", Buffer.alloc(0)],
    ["d/e/b.bin", B],
  ];
  expect(await membersOf(tarBytes(ENTRIES), size)).toEqual(expected);
  // Without the blocks of zeros at its end.
  expect(await membersOf(tarBytes(ENTRIES).subarray(0, -1024), size)).toEqual(expected);
});

function written(archive: Buffer): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = path.join(folder, "a.tar.gz");
  writeFileSync(file, archive);
  return { folder, file };
}

const unpack = ({ folder, file }: { folder: string; file: string }, signal = new AbortController().signal) =>
  unpackMembers(file, folder, WANTED, signal);

test("files are taken out under the names that the caller gives, beside their places", async () => {
  const place = written(gzipSync(tarBytes(ENTRIES)));
  const files = await unpack(place);
  expect(files.map(({ name }) => name)).toEqual(["b.bin", "renamed.bin"]);
  for (const [at, content] of [B, A].entries()) {
    const { beside, sha256 } = files[at]!;
    expect(readFileSync(beside)).toEqual(content);
    expect(sha256).toBe(createHash("sha256").update(content).digest("hex"));
  }
  expect(readdirSync(place.folder)).toHaveLength(3);
});

const broken = (at: number, change: (bytes: Buffer) => void) => {
  const bytes = tarBytes(ENTRIES);
  change(bytes.subarray(at));
  return gzipSync(bytes);
};

test.each<[string, string, () => Buffer]>([
  ["no gzip file", "can't be unpacked: incorrect header check", () => tarBytes(ENTRIES)],
  ["cut", "can't be unpacked: unexpected end of file", () => gzipSync(tarBytes(ENTRIES)).subarray(0, 60)],
  ["cut inside the tar", "ends inside a file, at byte 1500", () => gzipSync(tarBytes(ENTRIES).subarray(0, 1500))],
  ["cut inside a header", "ends inside a header, at byte 600", () => gzipSync(tarBytes(ENTRIES).subarray(0, 600))],
  ["of a broken header", "has a broken header before byte 512", () => broken(0, (bytes) => bytes.fill(1, 0, 4))],
  ["without a file", "does not hold d/e/b.bin", () => gzipSync(tarBytes(ENTRIES.slice(0, 4)))],
  ["of a wrong size", "has 1 bytes of d/a.bin", () => gzipSync(tarBytes([{ name: "d/a.bin", content: Buffer.of(1) }]))],
  ["with a file twice", "holds d/a.bin twice", () => gzipSync(tarBytes([...ENTRIES, ENTRIES[1]!]))],
  ["that leads out", "leads out of its folder: ../x", () => gzipSync(tarBytes([{ name: "../x" }, ...ENTRIES]))],
  ["that leads in and out", "of its folder: d/../../x", () => gzipSync(tarBytes([...ENTRIES, { name: "d/../../x" }]))],
  ["with an absolute path", "of its folder: /etc/x", () => gzipSync(tarBytes([{ name: "/etc/x" }, ...ENTRIES]))],
  ["with a drive", "of its folder: C:\\x", () => gzipSync(tarBytes([{ name: "C:\\x" }, ...ENTRIES]))],
])("an archive %s is refused and leaves nothing", async (_, what, archive) => {
  const place = written(archive());
  const error = await unpack(place).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarnessError);
  expect((error as HarnessError).code).toBe("NAS_DOWNLOAD");
  expect((error as HarnessError).details.what).toContain(what);
  expect((error as HarnessError).details.where).toBe(place.file);
  expect(readdirSync(place.folder)).toEqual(["a.tar.gz"]);
});

test("an interruption leaves nothing", async () => {
  const place = written(gzipSync(tarBytes(ENTRIES)));
  await expect(unpack(place, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  expect(readdirSync(place.folder)).toEqual(["a.tar.gz"]);
});
