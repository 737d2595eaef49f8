import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { editText, writeNewDataset } from "../helpers/new-dataset.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("check of a folder that is not there says so", async () => {
  const folder = path.join(temporaryFolder(), "nowhere");
  const { exitCode, stdout, stderr } = await runCommandLine(["check", folder]);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("NAS_PLUGIN_NOT_FOUND: there is no such folder");
  expect(stderr).toContain(folder);
});

test("check lists all faults of a manifest and starts nothing", async () => {
  const manifest = algorithmManifest({ name: "Bad Name", title: undefined, extra: 1 });
  // The entry would leave a trace of having been loaded.
  const source = 'import fs from "node:fs"; fs.writeFileSync(new URL("loaded", import.meta.url), "");';
  const folder = writePlugin(path.join(temporaryFolder(), "broken"), manifest, source);
  const { exitCode, stdout, stderr } = await runCommandLine(["check", folder, "--json"]);
  expect(exitCode).toBe(2);
  const { code, what, where } = JSON.parse(stdout).error;
  expect([code, what]).toEqual(["NAS_PLUGIN_MANIFEST", "the manifest has 3 faults"]);
  for (const part of ["- name", "title", "extra"]) expect(where).toContain(part);
  expect(stderr).toContain("NAS_PLUGIN_MANIFEST");
  expect(existsSync(path.join(folder, "loaded"))).toBe(false);
});

test("check keeps no method inside the harness", async () => {
  const { exitCode, stderr } = await runCommandLine(["check", "rs", "--isolation", "none"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("auto, strict, process");
});

test("check of a dataset that fails shows the faults and ends with 3; with --json stdout is one document", async () => {
  const folder = writeNewDataset(path.join(temporaryFolder(), "my-dataset"));
  editText(path.join(folder, "index.ts"), "draw(64, 3)", "draw(64, 2)");
  const [shown, document] = await Promise.all([
    runCommandLine(["check", folder]),
    runCommandLine(["check", folder, "--json"]),
  ]);
  expect(shown.exitCode).toBe(3);
  expect(shown.stdout).toContain(
    "failed  disjoint: no image is in two splits\n        - images of both valid and test: 64 ",
  );
  expect(shown.stdout).toContain("passed  recipes: ");
  expect(shown.stderr).toMatch(/^NAS_DATASET: dataset my-dataset fails 1 check\n.*- disjoint/);
  expect(document.exitCode).toBe(3);
  expect(document.stderr).toBe(shown.stderr);
  const { checks, ...facts } = JSON.parse(document.stdout);
  expect(facts).toEqual({ dataset: "my-dataset", version: "0.1.0" });
  expect(checks.find(({ name }: { name: string }) => name === "disjoint")).toMatchObject({ outcome: "failed" });
});

test("check of a dataset lists all faults of its manifest; --from is none for a method", async () => {
  const folder = writeNewDataset(path.join(temporaryFolder(), "my-dataset"));
  editText(path.join(folder, "plugin.json"), '"size": 8', '"size": 1');
  editText(path.join(folder, "plugin.json"), '"entry": "index.ts"', '"entry": "images.ts"');
  const [broken, method] = await Promise.all([
    runCommandLine(["check", folder]),
    runCommandLine(["check", "rs", "--from", folder]),
  ]);
  expect(broken).toMatchObject({ exitCode: 2, stdout: "" });
  expect(broken.stderr).toContain("NAS_PLUGIN_MANIFEST: the manifest has 2 faults");
  expect(method).toMatchObject({ exitCode: 2, stdout: "" });
  expect(method.stderr).toContain("NAS_USAGE: rs is a method");
});
