import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
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
