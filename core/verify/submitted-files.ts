import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import path from "node:path";
import type { Submission, SubmittedFile } from "../../schemas/generated/submission.ts";
import { walkFolder } from "../files/folder-walk.ts";
import { readBytes } from "../files/json-file.ts";
import { pluginEntries, pluginHash } from "../plugins/plugin-hash.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { SUMMARY_NAME } from "../statistics/summary-file.ts";
import { MOST_BYTES, MOST_FILES } from "../submissions/plugin-files.ts";
import { submittedName } from "../submissions/submission-file.ts";
import { PLUGIN_FOLDER, RUNS_NAME, SUBMISSION_NAME } from "../submissions/submission-folder.ts";

/** Bytes that a submission may have: its own files may take as much as its plugin. */
export const MOST_SUBMITTED_BYTES = MOST_BYTES + 64 * 1024 * 1024;
/** Files that it may have: those of a method besides its plugin are three. */
export const MOST_ENTRIES = MOST_FILES + 3;

function ownFiles({ kind }: Submission): readonly string[] {
  return kind === "algorithm" ? [SUBMISSION_NAME, RUNS_NAME, SUMMARY_NAME] : [SUBMISSION_NAME];
}

/** Faults of a folder's outline, before anything in it is read: only plain files, few and small enough. */
export function outlineFaults(folder: string): string[] {
  const entries = walkFolder(folder);
  const odd = entries.filter(({ kind }) => kind !== "file").map(({ place, kind }) => `${place} is a ${kind}, no file`);
  if (entries.length > MOST_ENTRIES) odd.push(`there are ${entries.length} files; ${MOST_ENTRIES} at most`);
  const bytes = entries
    .filter(({ kind }) => kind === "file")
    .reduce((sum, { place }) => sum + lstatSync(path.join(folder, place)).size, 0);
  if (bytes > MOST_SUBMITTED_BYTES) odd.push(`the files have ${bytes} bytes; ${MOST_SUBMITTED_BYTES} at most`);
  return odd;
}

/** Faults of where a submission lies: its folder is `<name>/<version>`. */
export function placeFaults(folder: string, submission: Submission): string[] {
  const { id, version } = submittedName(submission);
  const [parent, own] = path.resolve(folder).split(path.sep).slice(-2);
  if (parent === id && own === version) return [];
  return [`the folder ends in ${parent}/${own}; ${id} ${version} belongs into ${id}/${version}`];
}

/** The plugin's files as they are, whatever their names. */
function presentFiles(folder: string): Map<string, SubmittedFile> {
  return new Map(
    walkFolder(folder).map(({ place }) => {
      const bytes = readBytes(path.join(folder, place));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return [place, { path: place, bytes: bytes.length, sha256 }];
    }),
  );
}

/**
 * Faults of a submission's files against the hashes that it lists: changed, missing and unlisted ones, and a hash of the
 * whole plugin that is not the one which was run.
 */
export function hashFaults(folder: string, submission: Submission): string[] {
  const allowed = ownFiles(submission);
  const strangers = walkFolder(folder)
    .filter(({ place }) => !place.startsWith(`${PLUGIN_FOLDER}/`) && !allowed.includes(place))
    .map(({ place }) => `${place} is no part of a submission`);
  const plugin = path.join(folder, PLUGIN_FOLDER);
  const present = presentFiles(plugin);
  const listed = new Map(submission.plugin.files.map((file) => [file.path, file]));
  const faults = [...listed.values()].flatMap((file) => {
    const found = present.get(file.path);
    if (found === undefined) return [`${file.path} is listed and not there`];
    return canonicalJson(found) === canonicalJson(file) ? [] : [`${file.path} is not the file that was listed`];
  });
  for (const place of present.keys()) if (!listed.has(place)) faults.push(`${place} is there and not listed`);
  // What the hash of a plugin passes over could be changed afterwards.
  const parts = new Set(pluginEntries(plugin).map(({ place }) => place));
  for (const place of listed.keys()) {
    if (present.has(place) && !parts.has(place))
      faults.push(`${place} is no part of a plugin: it is left by installing`);
  }
  if (listed.size !== submission.plugin.files.length) faults.push("a file is listed twice");
  if (pluginHash(plugin) !== submission.plugin.sha256) faults.push("the plugin is not the one that was run");
  return [...strangers, ...faults];
}

/** Faults of a submission that says something else of its plugin than the plugin's manifest does. */
export function agreementFaults(
  submission: Submission,
  manifest: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly authors: readonly string[];
    readonly licence: string;
    readonly paper?: object;
    readonly priors?: readonly string[];
  },
): string[] {
  const said = {
    ...submittedName(submission),
    title: (submission.kind === "algorithm" ? submission.method : submission.dataset).title,
    authors: submission.authors,
    licence: submission.licence,
    paper: submission.paper ?? null,
    ...(submission.kind === "algorithm" ? { priors: submission.priors } : {}),
  };
  const meant: Record<string, unknown> = {
    id: manifest.name,
    version: manifest.version,
    title: manifest.title,
    authors: manifest.authors,
    licence: manifest.licence,
    paper: manifest.paper ?? null,
    priors: manifest.priors ?? [],
  };
  return Object.entries(said)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(meant[name]))
    .map(
      ([name, value]) => `${name} is ${canonicalJson(value)}, the plugin's manifest has ${canonicalJson(meant[name])}`,
    );
}
