import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { TableSource, TableSources } from "../../schemas/generated/table-sources.ts";
import { type FileServer, startFileServer } from "../helpers/file-server.ts";
import { zipArchive } from "../helpers/zip-archive.ts";

/** Files of the members of the zip archive, by name. */
export const UNPACKED: Readonly<Record<string, Buffer>> = {
  "cells.json": Buffer.from(`{"777": {${'"a": 1, '.repeat(2000)}"b": 2}}`),
  "more.json": Buffer.from('{"888": {}}'),
};

/** The archive of the source `packed`. */
export const ARCHIVE: Buffer = zipArchive([
  { name: "data/", content: Buffer.alloc(0), method: 0 },
  ...Object.entries(UNPACKED).map(([name, content]) => ({ name: `data/${name}`, content })),
  { name: "__MACOSX/data/._cells.json", content: Buffer.from("x") },
]);

/** The file of the source `plain`. */
export const PLAIN: Buffer = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 13) % 251));

/** MD5 or SHA-256 in hexadecimal. */
export function digest(algorithm: "md5" | "sha256", bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

/** A list of sources whose files a server on this machine gives. */
export interface MadeUpSources {
  readonly server: FileServer;
  /** `plain` on three mirrors (two plain ones and one like Google Drive) and by hand; `packed` as a zip archive. */
  readonly sources: readonly [plain: TableSource, packed: TableSource];
  /** The list's file. */
  readonly list: string;
  /** Writes the list again. */
  readonly write: (sources: readonly TableSource[], more?: Partial<TableSources>) => void;
}

/** Writes the list into a folder and starts the server. Call it inside a test. */
export async function startSources(folder: string): Promise<MadeUpSources> {
  const server = await startFileServer({ first: PLAIN, second: PLAIN, "uc?id=1": PLAIN, "packed.zip": ARCHIVE });
  const about = { holds: "All cells.", licence: "MIT", publisher: "https://example.org" };
  const plain: TableSource = {
    id: "plain",
    title: "A file",
    importer: "nni",
    ...about,
    file: {
      name: "plain.db",
      checksums: [
        { algorithm: "sha256", digits: "first", value: digest("sha256", PLAIN).slice(0, 8), evidence: "its name" },
      ],
    },
    mirrors: [
      { kind: "http", address: server.address("first") },
      { kind: "http", address: server.address("second") },
      { kind: "google-drive", address: server.address("uc?id=1"), reportedDead: "nobody" },
      { kind: "by-hand", address: "https://example.org/folder", note: "extraction code abcd" },
    ],
  };
  const packed: TableSource = {
    id: "packed",
    title: "An archive",
    importer: "hpobench",
    ...about,
    file: { name: "packed.zip" },
    unpack: Object.keys(UNPACKED),
    mirrors: [{ kind: "http", address: server.address("packed.zip") }],
  };
  const list = path.join(folder, "mine.json");
  const write = (sources: readonly TableSource[], more: Partial<TableSources> = {}) =>
    writeFileSync(list, JSON.stringify({ sources, ...more }));
  write([plain, packed]);
  return { server, sources: [plain, packed], list, write };
}
