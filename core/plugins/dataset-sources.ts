import { existsSync } from "node:fs";
import path from "node:path";
import type { DatasetSources, SourceFile } from "../../schemas/generated/dataset-sources.ts";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { datasetSources } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";
import type { LocatedPlugin } from "./plugin-location.ts";

/** Name of the list of a dataset's files, beside its manifest. */
export const SOURCES_NAME = "sources.json";

/** Names of the files that a source leaves in the data folder and that the dataset reads. */
export function filesOf({ name, unpack }: SourceFile): string[] {
  return unpack === undefined ? [name] : unpack.map((member) => member.name);
}

/** What a schema can't express. @throws NAS_SCHEMA */
function refuseContradictions({ files, splits = {} }: DatasetSources, file: string): void {
  const names = files.flatMap((source) => [...new Set([source.name, ...filesOf(source)])]);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  const alone = Object.keys(splits).find((name) => !files.some((source) => filesOf(source).includes(name)));
  // Nothing would tell the right file from another one.
  const unknown = files.find(
    ({ name, md5, sha256 }) => md5 === undefined && sha256 === undefined && splits[name] === undefined,
  );
  const what =
    twice !== undefined
      ? `two files are named ${twice}`
      : alone !== undefined
        ? `splits names ${alone}, which is none of the files`
        : unknown !== undefined
          ? `${unknown.name} has neither a checksum nor an entry in splits: nothing tells it from another file`
          : null;
  if (what !== null) throw new HarnessError("NAS_SCHEMA", { what, where: file, next: "correct the file" });
}

/**
 * Reads the list of a dataset's files.
 * @throws NAS_USAGE if the dataset has none, NAS_JSON, NAS_SCHEMA
 */
export function readSources({ folder, manifest }: LocatedPlugin<DatasetManifest>): DatasetSources {
  const file = path.join(folder, SOURCES_NAME);
  if (!existsSync(file))
    throw new HarnessError("NAS_USAGE", {
      what: `dataset ${manifest.name} has no ${SOURCES_NAME}: it does not say where its files come from`,
      where: folder,
      next: "name a dataset that does, such as cifar10; nas-harness dataset info reads the others",
    });
  const sources = readDocument<DatasetSources>(file, datasetSources);
  refuseContradictions(sources, file);
  return sources;
}
