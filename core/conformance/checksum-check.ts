import { existsSync } from "node:fs";
import path from "node:path";
import { walkFolder } from "../files/folder-walk.ts";
import { parseJson, readTextFile } from "../files/json-file.ts";
import { readUnpacked, sha256Of } from "../training/idx-file.ts";
import type { DatasetSubject } from "./dataset-subject.ts";
import type { Check } from "./finding.ts";
import { faultsOf } from "./harness-faults.ts";

const CHECKSUMS_NAME = "checksums.json";

/** The file of that name in a folder, plain or gzipped; null if it is in neither form there. */
function fileIn(folder: string, name: string): string | null {
  return [name, `${name}.gz`].map((one) => path.join(folder, one)).find((file) => existsSync(file)) ?? null;
}

/** What is wrong with the files that a list of checksums names; null if none of them is there. */
function listFaults(list: string, from: string | null): string[] | null {
  const document = parseJson(readTextFile(list), list) as Record<string, unknown> | null;
  const entries = typeof document === "object" && document !== null ? Object.entries(document) : [];
  const isChecksum = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
  if (entries.length === 0 || !entries.every(([, value]) => isChecksum(value)))
    return [`${list} is no list of checksums: by file name without .gz, SHA-256 in 64 hexadecimal digits`];
  const folders = [path.dirname(list), ...(from === null ? [] : [from])];
  const found = entries.map(([name, expected]) => {
    const file = folders.map((folder) => fileIn(folder, name)).find((one) => one !== null) ?? null;
    return { name, expected, file };
  });
  if (found.every(({ file }) => file === null)) return null;
  return found.flatMap(({ name, expected, file }) => {
    if (file === null) return [`${name} is not there, neither plain nor with .gz (${list} names it)`];
    let actual: unknown = expected;
    const faults = faultsOf(() => {
      actual = sha256Of(readUnpacked(file));
    });
    if (actual === expected) return faults;
    return [`${file}: the SHA-256 of its unpacked content is ${actual} instead of ${expected}`];
  });
}

/** The check of image files against the `checksums.json` beside them. */
export const CHECKSUM_CHECK: Check<DatasetSubject> = {
  name: "checksums",
  title: "the image files are those that checksums.json names",
  find: ({ plugin, from }) => {
    const places = walkFolder(plugin.folder).filter(
      ({ place }) => path.posix.basename(place) === CHECKSUMS_NAME && !place.split("/").includes("node_modules"),
    );
    if (places.length === 0) return { skipped: `there is no ${CHECKSUMS_NAME}` };
    const lists = places.map(({ place }) => path.join(plugin.folder, place));
    const found: (string[] | null)[] = [];
    const broken = lists.flatMap((list) =>
      faultsOf(() => {
        found.push(listFaults(list, from));
      }),
    );
    if (broken.length === 0 && found.every((faults) => faults === null))
      return { skipped: `none of the files that ${CHECKSUMS_NAME} names is there; --from names their folder` };
    return { faults: [...broken, ...found.flatMap((faults) => faults ?? [])] };
  },
};
