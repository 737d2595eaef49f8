import { cpSync, mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { checkManifest } from "../../core/plugins/manifest.ts";
import { pluginHash } from "../../core/plugins/plugin-hash.ts";
import { listPluginFiles } from "../../core/submissions/plugin-files.ts";
import {
  agreementFaults,
  hashFaults,
  MOST_ENTRIES,
  outlineFaults,
  placeFaults,
} from "../../core/verify/submitted-files.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleSubmission } from "./example-submission.ts";

/** A folder with a plugin and nothing else, and a submission that lists its files. */
function submitted(): { folder: string; submission: AlgorithmSubmission } {
  const folder = path.join(temporaryFolder(), "made-up/1.0.0");
  const plugin = writePlugin(path.join(folder, "plugin"));
  const manifest = checkManifest(algorithmManifest(), path.join(plugin, "plugin.json"));
  const { name: id, version, title, authors, licence } = manifest;
  const { paper: _, ...example } = exampleSubmission();
  const submission: AlgorithmSubmission = {
    ...example,
    ...{ method: { id, version, title }, authors, licence },
    plugin: { sha256: pluginHash(plugin), files: listPluginFiles(plugin) },
  };
  return { folder, submission };
}

test("a folder of plain files has an outline without faults", () => {
  expect(outlineFaults(submitted().folder)).toEqual([]);
});

test("links are faults of the outline, dangling ones and those that lead to folders too", () => {
  const { folder } = submitted();
  symlinkSync("nowhere", path.join(folder, "plugin/dangling"));
  symlinkSync("plugin", path.join(folder, "folder"));
  expect(outlineFaults(folder)).toEqual(["folder is a link, no file", "plugin/dangling is a link, no file"]);
});

test("too many files and too many bytes are faults of the outline", () => {
  const { folder } = submitted();
  for (let at = 0; at < MOST_ENTRIES; at++) writeFileSync(path.join(folder, `file-${at}`), "");
  // A file of holes: large, and nothing on disk.
  truncateSync(path.join(folder, "file-0"), 2 ** 27 + 1);
  expect(outlineFaults(folder)).toEqual([
    expect.stringMatching(/^there are 2005 files; 2003 at most$/),
    expect.stringMatching(/^the files have 13421\d+ bytes; 134217728 at most$/),
  ]);
});

test("a submission lies in a folder of its name and version", () => {
  const { folder, submission } = submitted();
  expect(placeFaults(folder, submission)).toEqual([]);
  expect(placeFaults(`${folder}/`, submission)).toEqual([]);
  expect(placeFaults(path.join(folder, "../1.0.1"), submission)).toEqual([
    "the folder ends in made-up/1.0.1; made-up 1.0.0 belongs into made-up/1.0.0",
  ]);
});

test("files that are as listed have no faults", () => {
  const { folder, submission } = submitted();
  for (const name of ["submission.json", "runs.jsonl", "summary.json"]) writeFileSync(path.join(folder, name), "");
  expect(hashFaults(folder, submission)).toEqual([]);
});

test("changed, missing, unlisted and strange files are told one by one", () => {
  const { folder, submission } = submitted();
  const plugin = path.join(folder, "plugin");
  writeFileSync(path.join(plugin, "index.ts"), "changed");
  renameSync(path.join(plugin, "plugin.json"), path.join(plugin, "plugin.jsn"));
  writeFileSync(path.join(plugin, ".hidden"), "");
  writeFileSync(path.join(folder, "records.jsonl"), "");
  expect(hashFaults(folder, submission)).toEqual([
    "records.jsonl is no part of a submission",
    "index.ts is not the file that was listed",
    "plugin.json is listed and not there",
    ".hidden is there and not listed",
    "plugin.jsn is there and not listed",
    "the plugin is not the one that was run",
  ]);
});

test("a file that is listed twice is a fault, once with another hash too", () => {
  const { folder, submission } = submitted();
  const [first] = submission.plugin.files;
  if (first === undefined) throw new Error("no files");
  submission.plugin.files = [{ ...first, sha256: "0".repeat(64) }, ...submission.plugin.files];
  expect(hashFaults(folder, submission)).toEqual(["a file is listed twice"]);
});

test("installed files can't be listed: the plugin's hash passes them over", () => {
  const { folder, submission } = submitted();
  const plugin = path.join(folder, "plugin");
  mkdirSync(path.join(plugin, "node_modules"));
  cpSync(path.join(plugin, "index.ts"), path.join(plugin, "node_modules/index.ts"));
  const [own] = submission.plugin.files;
  if (own === undefined) throw new Error("no files");
  submission.plugin.files = [...submission.plugin.files, { ...own, path: "node_modules/index.ts" }];
  expect(hashFaults(folder, submission)).toEqual([
    "node_modules/index.ts is no part of a plugin: it is left by installing",
  ]);
});

test("what a submission says of its plugin must be what the manifest says", () => {
  const { submission } = submitted();
  const manifest = { name: "made-up", version: "1.0.0", title: "Made-up", authors: ["A. Tester"], licence: "MIT" };
  expect(agreementFaults(submission, manifest)).toEqual([]);
  const other = { ...manifest, title: "Made-down", authors: [], paper: { title: "A" }, priors: ["edges"] };
  expect(agreementFaults(submission, other)).toEqual([
    'title is "Made-up", the plugin\'s manifest has "Made-down"',
    'authors is ["A. Tester"], the plugin\'s manifest has []',
    'paper is null, the plugin\'s manifest has {"title":"A"}',
    'priors is [], the plugin\'s manifest has ["edges"]',
  ]);
});
