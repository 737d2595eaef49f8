import type { OfficialFile, TableSource, TableSources } from "../../schemas/generated/table-sources.ts";
import { formatSize } from "../files/free-space.ts";
import { columns, print, printJson } from "./terminal.ts";

const WIDTH = 100;

function sizeOf({ bytes, approximateBytes }: OfficialFile): string {
  if (bytes !== undefined) return formatSize(bytes);
  return approximateBytes === undefined ? "not published" : formatSize(approximateBytes);
}

/** How a source comes: by a program, or only by a person. */
function wayOf({ mirrors }: TableSource): string {
  return mirrors.some(({ kind }) => kind !== "by-hand") ? "fetched" : "by hand";
}

/** Breaks a text between words into lines that are indented. */
function indented(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `  ${line}`).join("\n");
}

/** Prints the sources that `table fetch` knows: one line each, then what each holds. */
export function listSources({ sources, unusable = [] }: TableSources, json: boolean): void {
  if (json) {
    printJson({ sources, unusable });
    return;
  }
  const rows = sources.map((source) => [
    source.id,
    source.file.name,
    sizeOf(source.file),
    wayOf(source),
    source.importer,
    source.licence,
  ]);
  print(columns([["source", "file", "size", "comes", "imported by", "licence"], ...rows]));
  for (const { id, title, holds, publisher } of sources)
    print(`\n${id}: ${title}\n${indented(holds)}\n${indented(`published by ${publisher}`)}`);
  for (const { id, title, reason } of unusable) print(`\n${id} is not imported: ${title}\n${indented(reason)}`);
}
