import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readTextFile } from "../../core/files/json-file.ts";
import { MANIFEST_NAME, readManifest } from "../../core/plugins/manifest.ts";
import { builtInMethods, locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { RECORDS_NAME } from "../../core/records/record-file.ts";
import { REVEALED_NAME } from "../../core/records/reveal.ts";
import { needsTraining } from "../../core/runner/plan.ts";
import { PLUGIN_FOLDER, RUNS_NAME } from "../../core/submissions/submission-folder.ts";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { LeaderboardRow } from "../generator/leaderboard.ts";
import type { RunSource } from "../generator/run-summaries.ts";
import { plainText } from "../generator/text.ts";
import { FactsCache } from "./facts-cache.ts";
import { pageName } from "./links.ts";
import type { MethodResult } from "./site-model.ts";

/** SHA-256 of the files that a row's runs are read from. @throws the system's error if one can't be read */
export function runsSha256({ kind, folder }: RunSource): string {
  const hash = createHash("sha256");
  for (const name of kind === "submission" ? [RUNS_NAME] : [RECORDS_NAME, REVEALED_NAME]) {
    hash.update(readFileSync(path.join(folder, name)));
  }
  return hash.digest("hex");
}

/** The manifest of the plugin that a row's runs are of: a submission's own, or the built-in one of that name and version. */
function manifestOf(source: RunSource | null, row: LeaderboardRow, cache: FactsCache): AlgorithmManifest | null {
  if (source?.kind === "submission") {
    const folder = path.join(source.folder, PLUGIN_FOLDER);
    const text = readTextFile(path.join(folder, MANIFEST_NAME), "name a folder that nas-harness submit wrote");
    // Checking one compiles its options' schema, which takes longer than all else that is read of a submission.
    return cache.get(FactsCache.key(["manifest", text]), () => readManifest(folder) as AlgorithmManifest);
  }
  if (!builtInMethods().includes(row.method)) return null;
  const { manifest } = locateAlgorithm(row.method);
  return manifest.version === row.version ? manifest : null;
}

function aboutOf(source: RunSource | null, row: LeaderboardRow, cache: FactsCache): MethodResult["about"] {
  const manifest = manifestOf(source, row, cache);
  if (manifest === null) return null;
  const submission = source?.kind === "submission" ? source.submission : null;
  const variant = manifest.variants?.find(({ name }) => name === row.method);
  return {
    description: plainText(variant?.description ?? manifest.description),
    authors: (submission?.authors ?? manifest.authors).map(plainText),
    licence: plainText(submission?.licence ?? manifest.licence),
    paper: submission?.paper ?? manifest.paper ?? null,
    kind: needsTraining(manifest) ? "training" : "evaluations",
    submission,
  };
}

/** The command that makes a row's records again. */
function commandOf(source: RunSource | null, row: LeaderboardRow): string {
  if (source?.kind === "submission") return `nas-harness verify leaderboard/submissions/${row.method}/${row.version}`;
  const options = Object.entries(row.options ?? {}).map(([name, value]) => ` --option ${row.method}.${name}=${value}`);
  return `nas-harness run ${row.method} --protocol ${row.protocol.id}${options.join("")}`;
}

/** A page's name for a row: method and version, and the beginning of the records' digest where the name alone is taken. */
export function resultId(row: LeaderboardRow, benchmark: string, taken: ReadonlySet<string>): string {
  const short = pageName([row.method, row.version ?? ""]);
  const long = pageName([row.method, row.version ?? "", benchmark]);
  const longest = pageName([row.method, row.version ?? "", benchmark, (row.recordsDigest ?? "").slice(0, 12)]);
  return [short, long].find((id) => !taken.has(id)) ?? longest;
}

/** What of a row does not come from its runs. @throws NAS_PLUGIN_MANIFEST naming a broken file */
export function describeResult(
  source: RunSource | null,
  row: LeaderboardRow,
  cache: FactsCache,
): Pick<MethodResult, "row" | "about" | "statement" | "command"> {
  return {
    row,
    about: aboutOf(source, row, cache),
    statement: source?.kind === "submission" ? source.statement : null,
    command: commandOf(source, row),
  };
}
