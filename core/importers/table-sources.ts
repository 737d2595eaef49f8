import path from "node:path";
import type { PublishedChecksum, TableSource, TableSources } from "../../schemas/generated/table-sources.ts";
import { tableSources } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";

/** The list of published files that ships with the harness. */
export const BUILT_IN_SOURCES: string = path.join(import.meta.dirname, "sources.json");

const LENGTHS: Readonly<Record<PublishedChecksum["algorithm"], number>> = { md5: 32, sha256: 64 };

function checksumFault({ algorithm, digits, value }: PublishedChecksum): string | null {
  const length = LENGTHS[algorithm];
  const isRight = digits === "all" ? value.length === length : value.length < length;
  if (isRight) return null;
  const expected = digits === "all" ? `${length}` : `fewer than ${length}`;
  return `checksum ${value} has ${value.length} digits; ${expected} are ${digits === "all" ? "all" : `the ${digits}`} ones of ${algorithm}`;
}

function sourceFaults({ id, file, unpack }: TableSource): string[] {
  const faults = (file.checksums ?? []).map(checksumFault).filter((fault) => fault !== null);
  if (unpack !== undefined && !file.name.endsWith(".zip"))
    faults.push(`unpack is for .zip archives, and the file is ${file.name}`);
  if (unpack?.includes(file.name) === true) faults.push(`unpack names the archive itself, ${file.name}`);
  return faults.map((fault) => `source ${id}: ${fault}`);
}

/**
 * Reads a list of published files.
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_JSON, NAS_SCHEMA (also where it contradicts itself)
 */
export function readTableSources(file: string = BUILT_IN_SOURCES): TableSources {
  const document = readDocument<TableSources>(file, tableSources);
  const ids = [...document.sources, ...(document.unusable ?? [])].map(({ id }) => id);
  const twice = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  const faults = [
    ...twice.map((id) => `two entries have the id ${id}`),
    ...document.sources.flatMap((source) => sourceFaults(source)),
  ];
  if (faults.length === 0) return document;
  throw new HarnessError("NAS_SCHEMA", {
    what: faults.length === 1 ? "the document has 1 fault" : `the document has ${faults.length} faults`,
    where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
    next: "correct all of them; core/importers/sources.json is an example",
  });
}

/** A source by its id. @throws NAS_USAGE if there is none, or if no table can be made from it */
export function findSource({ sources, unusable = [] }: TableSources, id: string): TableSource {
  const source = sources.find((one) => one.id === id);
  if (source !== undefined) return source;
  const useless = unusable.find((one) => one.id === id);
  throw new HarnessError("NAS_USAGE", {
    what: useless === undefined ? `there is no source ${id}` : `no table can be made from ${id}: ${useless.reason}`,
    allowed: sources.map((one) => one.id).join(", "),
    next: "nas-harness table fetch, without a source, shows what each of them holds",
  });
}
