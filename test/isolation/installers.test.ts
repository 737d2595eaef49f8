import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { installerEnvironment } from "../../core/isolation/installer-environment.ts";
import { npmDocuments, npmInstaller } from "../../core/isolation/npm-install.ts";
import { installingPython, pythonInstaller, requirementsText } from "../../core/isolation/python-install.ts";
import { readNpmLock } from "../../core/plugins/npm-lock.ts";
import { readPythonLock } from "../../core/plugins/python-lock.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const INTEGRITY = `sha512-${"A".repeat(86)}==`;
const HASH = "a".repeat(64);

/** What npm is given for a plugin's documents. */
function given(manifest: Record<string, unknown>, packages: Record<string, unknown>) {
  const read = readNpmLock({ lockfileVersion: 3, packages: { ...packages, "": manifest } }, manifest);
  if (Array.isArray(read)) throw new Error(read.join("\n"));
  return npmDocuments(read);
}

describe("the documents that npm is given", () => {
  const none = { dependencies: {}, optionalDependencies: {}, peerDependencies: {}, peerDependenciesMeta: {} };

  test("say which packages are needed, and nothing that could run or lead elsewhere", () => {
    const manifest = {
      ...{ name: "m", version: "1.0.0", scripts: { preinstall: "x" }, workspaces: ["."], bundleDependencies: true },
      ...{ bin: "x", config: { registry: "x" }, devDependencies: { d: "1" }, gypfile: true, publishConfig: {} },
      dependencies: { a: "^1.0.0" },
      peerDependencies: { "nas-harness": "*", p: "1" },
      peerDependenciesMeta: { p: { optional: true }, "nas-harness": { optional: false }, q: null },
    };
    const entry = {
      ...{ version: "1.0.0", integrity: INTEGRITY, resolved: "https://example.org/a.tgz", hasInstallScript: true },
      ...{ scripts: { install: "x" }, bin: { "../x": "y" }, peer: true, optional: "yes", os: ["linux"], cpu: [1] },
      peerDependencies: { "nas-harness": "^9.0.0" },
    };
    const { manifest: own, lock } = given(manifest, { "node_modules/a": entry });
    const root = {
      ...{ ...none, name: "plugin", version: "0.0.0", dependencies: { a: "^1.0.0" }, peerDependencies: { p: "1" } },
      peerDependenciesMeta: { p: { optional: true } },
    };
    const kept = { ...none, version: "1.0.0", integrity: INTEGRITY, peer: true, os: ["linux"] };
    expect(own).toEqual(root);
    expect(lock).toEqual({ lockfileVersion: 3, requires: true, packages: { "": root, "node_modules/a": kept } });
  });

  test("name packages as their places in the lock file do, aliases too", () => {
    const manifest = { dependencies: { alias: "npm:a@1.0.0", constructor: "1.0.0" } };
    const entry = { name: "a", version: "1.0.0", integrity: INTEGRITY };
    const packages = { "node_modules/alias": entry, "node_modules/constructor": { ...entry, name: undefined } };
    const { lock } = given(manifest, packages) as { lock: { packages: Record<string, { name?: string }> } };
    expect(Object.keys(lock.packages)).toEqual(["", "node_modules/alias", "node_modules/constructor"]);
    expect(lock.packages["node_modules/alias"]?.name).toBe("a");
  });
});

test("npm is told where its project is, and to use no git", () => {
  const folder = temporaryFolder();
  const { program, args } = npmInstaller({ manifest: {}, packages: new Map() }, folder);
  expect(program).toBe("npm");
  expect(args.slice(args.indexOf("--prefix"))[1]).toBe(folder);
  expect(args).toContain("--git=no-git-for-plugins");
});

test("what pip is given is read as the same requirements again", () => {
  const text = `a==1 ; python_version < "3.9" --hash=sha256:${HASH} \\\n --hash=sha256:${HASH}\nB[x] == 2.0+l --hash=sha256:${HASH} # c\n`;
  const { packages } = readPythonLock(text);
  expect(packages).toHaveLength(2);
  expect(readPythonLock(requirementsText(packages))).toEqual({ packages, faults: [] });
  expect(requirementsText(packages).split("\n")[1]).toBe(`B==2.0+l --hash=sha256:${HASH}`);
});

test.each([
  [["python3", "search.py"], "python3"],
  [["python", "search.py"], "python"],
  [["python3.12", "search.py"], "python3.12"],
  [["./python3", "search.py"], "python3"],
  [["/usr/bin/python3.12", "search.py"], "python3"],
  [["bin/search"], "python3"],
  [["pythonic"], "python3"],
  [[], "python3"],
])("for the command %j, %s installs", (command, program) => {
  expect(installingPython(command)).toBe(program);
  const folder = path.join(temporaryFolder(), "empty");
  mkdirSync(folder);
  expect(pythonInstaller([], command, folder).program).toBe(program);
});

test("an installer gets what says where packages come from, whatever the case of its letters", () => {
  const passed = {
    ...{ PATH: "a", HOME: "b", Path: "c", http_proxy: "d", HTTPS_PROXY: "e", no_proxy: "f", NODE_EXTRA_CA_CERTS: "g" },
    ...{
      NPM_CONFIG_REGISTRY: "h",
      npm_config_cache: "i",
      npm_config_fetch_timeout: "j",
      "npm_config_@a:registry": "k",
    },
    ...{ "npm_config_//example.org/:_authToken": "l", PIP_INDEX_URL: "m", PIP_CERT: "n", PIP_CONFIG_FILE: "o" },
  };
  const kept = {
    ...{
      NODE_OPTIONS: "a",
      PYTHONPATH: "b",
      PYTHONHOME: "c",
      PIP_TARGET: "d",
      PIP_REQUIREMENT: "e",
      PIP_NO_BINARY: "f",
    },
    ...{ npm_config_omit: "g", npm_config_prefix: "h", npm_config_global: "i", npm_config_git: "j", LD_PRELOAD: "k" },
    ...{ MY_PIP_INDEX_URL: "l", npm_config_registry2: "m", npm_config_node_options: "n", PIP_INDEX_URL_2: "o" },
  };
  expect(installerEnvironment({ ...passed, ...kept, LANG: undefined })).toEqual(passed);
});
