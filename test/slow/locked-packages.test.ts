import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import type { IsolationMode } from "../../core/isolation/isolation-mode.ts";
import { installLockedPackages } from "../../core/isolation/locked-packages.ts";
import { pluginHash } from "../../core/plugins/plugin-hash.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { hasBubblewrap } from "../helpers/bubblewrap.ts";
import { npmPackage, pythonSource, pythonWheel } from "../helpers/made-up-packages.ts";
import { servePackages } from "../helpers/package-registry.ts";
import { hasPip, needsPip } from "../helpers/pip.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { findProgram } from "../helpers/program.ts";
import { resultFile, runTestSession } from "../helpers/session.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { setVariables } from "../helpers/variables.ts";

const shared = sharedTemporaryFolder();
/** Written by whatever code of a package runs. */
const TRACE = path.join(shared, "was-here");
const touch = `node -e ${JSON.stringify(`require("fs").writeFileSync(${JSON.stringify(TRACE)}, "")`)}`;

const scripts = { preinstall: touch, install: touch, postinstall: touch, prepare: touch };
const outer = npmPackage("outer", { dependencies: { inner: "^1.0.0" }, bin: { outer: "index.js" }, scripts });
const inner = npmPackage("inner", { peerDependencies: { "nas-harness": "^9.0.0" } });
const wheel = pythonWheel("outer");
const source = pythonSource("sourced", TRACE);
const registry = servePackages([outer, inner], [wheel, source]);

/** Has npm and pip ask the test's registry, whatever this machine's settings are. */
function useRegistry(): void {
  const none = path.join(shared, "no-settings");
  writeFileSync(none, "");
  setVariables({
    ...{ npm_config_registry: registry.npm(), npm_config_cache: path.join(temporaryFolder(), "cache") },
    ...{ npm_config_userconfig: none, npm_config_fetch_retries: "0", NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
    ...{ PIP_INDEX_URL: registry.python(), PIP_CONFIG_FILE: "/dev/null", PIP_NO_CACHE_DIR: "1", PIP_RETRIES: "0" },
    ...{ PIP_FIND_LINKS: undefined, PIP_EXTRA_INDEX_URL: undefined },
  });
}

/** An entry that imports a locked package and searches at random. */
const NODE_SOURCE = `import { defineAlgorithm, propose } from "nas-harness";
import outer from "outer";
console.log("imported", outer.who);
export default defineAlgorithm({ create: ({ space, random, budget, maxEpochs }) => ({
  ask: () => (budget.affords(maxEpochs) ? propose(space.sample(random), maxEpochs) : null),
  tell: () => {},
}) });
`;
const PYTHON_SOURCE = `import outer
from nas_harness import propose, run
def search(context):
    print("imported", outer.who)
    while context.budget.affords(context.max_epochs):
        yield propose(context.space.sample(context.random), context.max_epochs)
run(search)
`;

const dependencies = { outer: "^1.0.0" };
const peerDependencies = { "nas-harness": ">=0.1.0" };

/** A plugin with a package-lock.json. @param changes of the entry of the package "outer" */
function npmPlugin(changes: object = {}): string {
  const folder = path.join(temporaryFolder(), "locked");
  writePlugin(folder, algorithmManifest({ name: "locked", lock: "package-lock.json" }), NODE_SOURCE);
  const root = { name: "locked", version: "1.0.0", dependencies, peerDependencies, devDependencies: { lost: "1.0.0" } };
  const packages = {
    "": root,
    "node_modules/outer": {
      ...{ version: "1.0.0", resolved: "https://packages.example/outer/-/outer-1.0.0.tgz", integrity: outer.integrity },
      ...{ hasInstallScript: true, dependencies: { inner: "^1.0.0" }, bin: { outer: "index.js" } },
      ...changes,
    },
    "node_modules/inner": { ...inner.manifest, name: undefined, integrity: inner.integrity },
    // What is only for development is not in the registry.
    "node_modules/lost": { version: "1.0.0", integrity: outer.integrity, dev: true },
    "node_modules/nas-harness": { version: "0.1.0", integrity: outer.integrity, peer: true },
  };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ ...root, type: "module", scripts }));
  writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
  return folder;
}

/** A plugin with a requirements.txt. */
function pythonPlugin(requirements: string): string {
  const folder = path.join(temporaryFolder(), "locked");
  const more = { name: "locked", lock: "requirements.txt", entry: undefined, runtime: "process" };
  writePlugin(folder, algorithmManifest({ ...more, command: ["python3", "search.py"] }), null);
  writeFileSync(path.join(folder, "search.py"), PYTHON_SOURCE);
  writeFileSync(path.join(folder, "requirements.txt"), requirements);
  return folder;
}

/** Installs what a plugin's lock file names, as the harness's users would see it fail. */
async function install(folder: string): Promise<{ target: string | null; output: string }> {
  useRegistry();
  let output = "";
  const onOutput = (text: string) => {
    output += text;
  };
  return { target: await installLockedPackages(locateAlgorithm(folder), { onOutput }), output };
}

async function failureOf(folder: string): Promise<HarnessError> {
  const error = await install(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarnessError);
  expect(error).toMatchObject({ code: "NAS_INSTALL" });
  return error as HarnessError;
}

/** Demands that a plugin runs with its packages, and that these change nothing about which plugin it is. */
async function expectRuns(folder: string, isolation: IsolationMode): Promise<void> {
  const output = temporaryFolder();
  let printed = "";
  const onOutput = (text: string) => {
    printed += text;
  };
  await runTestSession(output, {
    ...{ tableFolder: inject("generatedTable"), methods: [folder], runs: 2, isolation, onOutput },
  });
  expect(printed).toContain("imported I am outer");
  const records = readRecords(path.dirname(resultFile(output, "locked", "records.jsonl")));
  expect(records.map(({ failure }) => failure)).toEqual([null, null]);
}

const MODES: IsolationMode[] = hasBubblewrap ? ["process", "strict"] : ["process"];
const hasNpm = findProgram("npm") !== null;

describe.skipIf(!hasNpm)(hasNpm ? "a package-lock.json" : "a package-lock.json (needs npm, not found)", () => {
  test("is installed without running a script, and its packages are imported", async () => {
    const folder = npmPlugin();
    const hash = pluginHash(folder);
    const { target } = await install(folder);
    expect(target).toBe(path.join(folder, "node_modules"));
    expect(existsSync(TRACE)).toBe(false);
    for (const name of ["inner", "outer"]) expect(existsSync(path.join(folder, "node_modules", name))).toBe(true);
    for (const name of ["lost", "nas-harness", ".bin"])
      expect(existsSync(path.join(folder, "node_modules", name))).toBe(false);
    expect(registry.asked.filter((place) => /lost|nas-harness/.test(place))).toEqual([]);
    expect(pluginHash(folder)).toBe(hash);
    for (const mode of MODES) await expectRuns(folder, mode);
  });

  test("with a wrong hash installs nothing", async () => {
    const folder = npmPlugin({ integrity: inner.integrity });
    const { details } = await failureOf(folder);
    expect(details.what).toMatch(/^npm ci failed/);
    expect(details.where).toContain("EINTEGRITY");
    expect(existsSync(path.join(folder, "node_modules"))).toBe(false);
  });

  test("is not redirected by what lies in the plugin's folder", async () => {
    const folder = npmPlugin();
    // Each would keep npm from installing, or have it run scripts, if it took the plugin for the root of a workspace.
    writeFileSync(path.join(folder, ".npmrc"), "dry-run=true\nignore-scripts=false\noffline=true\n");
    const file = path.join(folder, "package.json");
    const workspaces = [".install-*"];
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), workspaces }));
    expect((await install(folder)).target).toBe(path.join(folder, "node_modules"));
    expect(existsSync(TRACE)).toBe(false);
  });

  test("that names a version which is not there says so", async () => {
    const { details } = await failureOf(npmPlugin({ version: "1.0.7" }));
    expect(details.where).toContain("1.0.7");
  });
});

describe.skipIf(!hasPip)(needsPip("a requirements.txt"), () => {
  const good = `# made for a test\nouter[extra]==1.0.0 ; python_version >= "3" \\\n    --hash=sha256:${wheel.sha256}\n`;

  test("is installed, and its packages are imported", async () => {
    const folder = pythonPlugin(good);
    const hash = pluginHash(folder);
    const { target } = await install(folder);
    expect(target).toBe(path.join(folder, ".python-packages"));
    expect(pluginHash(folder)).toBe(hash);
    for (const mode of MODES) await expectRuns(folder, mode);
  });

  test("with a wrong hash installs nothing", async () => {
    const folder = pythonPlugin(`outer==1.0.0 --hash=sha256:${"0".repeat(64)}\n`);
    const { details } = await failureOf(folder);
    expect(details.what).toMatch(/^pip install failed/);
    expect(details.where).toMatch(/DO NOT MATCH THE HASHES/i);
    expect(existsSync(path.join(folder, ".python-packages"))).toBe(false);
  });

  test("of a source distribution is refused, and its setup.py does not run", async () => {
    const folder = pythonPlugin(`${good}sourced==1.0.0 --hash=sha256:${source.sha256}\n`);
    const { details } = await failureOf(folder);
    expect(details.where).toMatch(/No matching distribution found for sourced/);
    expect(existsSync(TRACE)).toBe(false);
    expect(existsSync(path.join(folder, ".python-packages"))).toBe(false);
  });

  test("is not redirected by what lies in the plugin's folder", async () => {
    const folder = pythonPlugin(good);
    const evil = `open(${JSON.stringify(TRACE)}, "w")\nraise SystemExit(0)\n`;
    for (const name of ["pip.py", "sitecustomize.py", "zipfile.py", "setup.py"])
      writeFileSync(path.join(folder, name), evil);
    writeFileSync(path.join(folder, "pip.conf"), "[global]\nindex-url = http://127.0.0.1:9/simple\n");
    writeFileSync(path.join(folder, "setup.cfg"), "[easy_install]\nindex_url = http://127.0.0.1:9/simple\n");
    setVariables({ PIP_NO_BINARY: ":all:", PYTHONPATH: folder });
    expect((await install(folder)).target).toBe(path.join(folder, ".python-packages"));
    expect(existsSync(TRACE)).toBe(false);
  });
});
