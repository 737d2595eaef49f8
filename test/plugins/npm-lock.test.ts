import { describe, expect, test } from "vitest";
import { readNpmLock } from "../../core/plugins/npm-lock.ts";

const INTEGRITY = `sha512-${"A".repeat(86)}==`;
const SHA1 = `sha1-${"A".repeat(27)}=`;

type Document = Record<string, unknown>;

/** An entry of a lock file; `undefined` removes a field. */
const entry = (changes: Document = {}): Document => ({ version: "1.2.3", integrity: INTEGRITY, ...changes });

/** Faults of a lock file of these packages, whose plugin depends on the package `a` unless `root` says something else. */
function faultsOf(packages: Document, root: Document = { dependencies: { a: "^1.0.0" } }, manifest = root): string[] {
  const read = readNpmLock({ lockfileVersion: 3, packages: { "": root, ...packages } }, manifest);
  return Array.isArray(read) ? read : [];
}

test("a lock file as npm writes it is read: what is for development and the harness are left out", () => {
  const manifest = {
    ...{ name: "my-method", version: "0.1.0", type: "module", scripts: { install: "exit 1" } },
    dependencies: { a: "^1.0.0", "@made/up": "npm:other@1.x || >=2.0.0-beta.1 <3", "nas-harness": "file:../harness" },
    peerDependencies: { "nas-harness": "*" },
    devDependencies: { d: "git+ssh://git@example.org/d.git" },
  };
  const packages = {
    "": { ...manifest, type: undefined },
    "node_modules/a": entry({ resolved: "https://packages.example/a/-/a-1.2.3.tgz", dependencies: { b: "1 - 2" } }),
    "node_modules/a/node_modules/b": entry({ version: "1.0.0-rc.1+build", integrity: `${SHA1} ${INTEGRITY}` }),
    "node_modules/@made/up": entry({ name: "other", integrity: `sha256-${"A".repeat(43)}=`, license: "MIT" }),
    "node_modules/d": { resolved: "git+ssh://git@example.org/d.git#1", dev: true },
    "node_modules/nas-harness": { resolved: "../harness", link: true },
    "node_modules/nas-harness/node_modules/c": {},
  };
  for (const lockfileVersion of [2, 3]) {
    const read = readNpmLock({ lockfileVersion, packages, dependencies: "of version 1" }, manifest);
    expect(read).toMatchObject({ manifest });
    if (Array.isArray(read)) throw new Error("it has faults");
    const names = ["node_modules/a", "node_modules/a/node_modules/b", "node_modules/@made/up"];
    expect([...read.packages.keys()]).toEqual(names);
  }
});

const at = (fault: string) => `packages["node_modules/a"]: ${fault}`;

test.each<[string, Document, string]>([
  ["has no version", { version: undefined }, at("the version is missing")],
  ["has a range for a version", { version: "^1.0.0" }, at('"^1.0.0" is no exact version')],
  ["has an address for a version", { version: "git+ssh://x/y" }, at('"git+ssh://x/y" is no exact version')],
  ["has a number for a version", { version: 1 }, at("1 is no exact version")],
  ["has no integrity", { integrity: undefined }, at("the integrity is missing")],
  ["has a SHA-1 only", { integrity: SHA1 }, at("its integrity is only a SHA-1; sha512, sha384 or sha256 is needed")],
  [
    "has a digest that npm passes over",
    { integrity: "sha512-AAAA" },
    at('integrity: "sha512-AAAA" is no SHA-512, SHA-384 or SHA-256 in base64'),
  ],
  ["has an empty integrity", { integrity: "" }, at('integrity: "" is no SHA-512, SHA-384 or SHA-256 in base64')],
  [
    "has a list for an integrity",
    { integrity: [] },
    at("integrity: a list is no SHA-512, SHA-384 or SHA-256 in base64"),
  ],
  [
    "has a digest with something after it",
    { integrity: `${INTEGRITY} md5-AA` },
    at(`integrity: "${INTEGRITY.slice(0, 80)}..." is no SHA-512, SHA-384 or SHA-256 in base64`),
  ],
  [
    "comes from git",
    { resolved: "git+ssh://x/y.git#1" },
    at('resolved: "git+ssh://x/y.git#1" is no http address of a .tgz file'),
  ],
  ["comes from a file", { resolved: "file:a.tgz" }, at('resolved: "file:a.tgz" is no http address of a .tgz file')],
  ["comes from a folder", { resolved: "../a" }, at('resolved: "../a" is no http address of a .tgz file')],
  ["comes by ssh", { resolved: "ssh://x/a.tgz" }, at('resolved: "ssh://x/a.tgz" is no http address of a .tgz file')],
  ["is no archive", { resolved: "https://x/a" }, at('resolved: "https://x/a" is no http address of a .tgz file')],
  ["has a number for an address", { resolved: 5 }, at("resolved: 5 is no http address of a .tgz file")],
  ["is a link", { link: true, resolved: "../a" }, at("it is a link to a folder, no package of a registry")],
  ["is something like a link", { link: "yes" }, at("it is a link to a folder, no package of a registry")],
  [
    "is bundled",
    { inBundle: true, integrity: undefined },
    at("it comes inside of another package, without a hash of its own"),
  ],
  ["has a lock file", { hasShrinkwrap: true }, at("it brings a lock file of its own, whose hashes nobody checks")],
  ["has a path for a name", { name: "../a" }, at('name: "../a" is no name of a package')],
  [
    "depends on a repository",
    { dependencies: { b: "github:x/y" } },
    'packages["node_modules/a"].dependencies.b: "github:x/y" is no range of versions; no address or path is allowed',
  ],
  [
    "depends on an archive",
    { optionalDependencies: { b: "https://x/b.tgz" } },
    'packages["node_modules/a"].optionalDependencies.b: "https://x/b.tgz" is no range of versions; no address or path is allowed',
  ],
  [
    "depends on an object",
    { peerDependencies: { b: {} } },
    'packages["node_modules/a"].peerDependencies.b: an object is no range of versions; no address or path is allowed',
  ],
  [
    "depends on a path for a name",
    { dependencies: { "../b": "1" } },
    'packages["node_modules/a"].dependencies: "../b" is no name of a package',
  ],
  [
    "has a list of dependencies",
    { dependencies: ["b"] },
    'packages["node_modules/a"].dependencies: a list is no object',
  ],
  ["needs what is not there", { dependencies: { b: "1" } }, at("its dependency b is not in the lock file")],
])("a package that %s is refused", (_, changes, fault) => {
  expect(faultsOf({ "node_modules/a": entry(changes) })).toEqual([fault]);
});

test.each([null, 5, "x", []])("an entry that is %j is no entry", (odd) => {
  expect(faultsOf({ "node_modules/a": odd })).toHaveLength(1);
  expect(faultsOf({ "node_modules/a": odd })[0]).toMatch(/is no object$/);
});

test.each([
  "packages/a",
  "../a",
  "/a",
  "node_modules",
  "node_modules/",
  "node_modules/..",
  "node_modules/../a",
  "node_modules/a/../../b",
  "node_modules/a/b",
  "node_modules/@a",
  "node_modules/__proto__",
  "node_modules/a/node_modules/",
  "node_modules/node_modules/node_modules/a",
  `node_modules/${"a/node_modules/".repeat(1000)}b`,
  "__proto__",
])("the place %j is no package's", (place) => {
  const packages = JSON.parse(`{ ${JSON.stringify(place)}: ${JSON.stringify(entry())} }`);
  const document = { lockfileVersion: 3, packages: Object.assign(packages, { "": {} }) };
  expect(readNpmLock(document, {})).toEqual([
    expect.stringMatching(/^packages\["[^\n]{1,100}: it is no package below node_modules: other folders can't be/),
  ]);
});

describe("the package.json beside it", () => {
  const packages = { "node_modules/a": entry() };
  const root = { name: "m", version: "1.0.0", dependencies: { a: "^1.0.0" } };

  test.each<[string, Document, string]>([
    ["another name", { name: "n" }, 'package.json: its name is "n", the lock file\'s "m"'],
    ["another version", { version: "1.0.1" }, 'package.json: its version is "1.0.1", the lock file\'s "1.0.0"'],
    ["another range", { dependencies: { a: "^2" } }, 'package.json: dependencies.a is "^2", in the lock file "^1.0.0"'],
    ["no dependencies", { dependencies: undefined }, 'package.json: dependencies.a is none, in the lock file "^1.0.0"'],
    ["a peer", { peerDependencies: { a: "1" } }, 'package.json: peerDependencies.a is "1", in the lock file none'],
    [
      "an address",
      { dependencies: { a: "a/b" } },
      'package.json.dependencies.a: "a/b" is no range of versions; no address or path is allowed',
    ],
    [
      "overrides",
      { overrides: { a: "2" } },
      "package.json: overrides are not taken; name the version that is wanted as a dependency",
    ],
  ])("with %s does not fit", (_, changes, fault) => {
    expect(faultsOf(packages, root, { ...root, ...changes })).toEqual([fault]);
  });

  test("may name the harness in any way, and tools of its own", () => {
    const more = { peerDependencies: { "nas-harness": "file:../x" }, devDependencies: { t: "1" }, workspaces: ["."] };
    expect(faultsOf(packages, root, { ...root, ...more })).toEqual([]);
  });

  test("may name what every object has", () => {
    const odd = { dependencies: { constructor: "1", valueOf: "1" } };
    const lock = { "node_modules/constructor": entry(), "node_modules/valueOf": entry() };
    expect(faultsOf(lock, odd)).toEqual([]);
    expect(faultsOf({}, odd)).toHaveLength(2);
    expect(faultsOf(lock, odd, {})).toHaveLength(2);
  });

  test.each([null, 5, [], "{}"])("that is %j is none", (odd) => {
    const read = readNpmLock({ lockfileVersion: 3, packages: { "": {} } }, odd);
    expect(read).toEqual([expect.stringMatching(/^package\.json: .* is no object$/)]);
  });
});

test.each<[string, unknown, string]>([
  ["null", null, "null is no object"],
  ["a list", [], "a list is no object"],
  ["empty", {}, "lockfileVersion: undefined is not allowed; it must be 2 or 3"],
  ["of version 1", { lockfileVersion: 1, dependencies: {} }, "lockfileVersion: 1 is not allowed; it must be 2 or 3"],
  ["of version 4", { lockfileVersion: 4, packages: {} }, "lockfileVersion: 4 is not allowed; it must be 2 or 3"],
  ['of version "3"', { lockfileVersion: "3" }, 'lockfileVersion: "3" is not allowed; it must be 2 or 3'],
  ["without packages", { lockfileVersion: 3 }, "packages: undefined is no object"],
  ["with a list of packages", { lockfileVersion: 3, packages: [] }, "packages: a list is no object"],
  [
    "without the plugin",
    { lockfileVersion: 3, packages: {} },
    'packages[""]: the entry of the plugin itself is missing',
  ],
  [
    "with a text for the plugin",
    { lockfileVersion: 3, packages: { "": "x" } },
    'packages[""]: the entry of the plugin itself is missing',
  ],
])("a lock file that is %s", (_, document, fault) => {
  expect(readNpmLock(document, {})).toEqual([fault]);
});

test("every fault of every package is told", () => {
  const packages = {
    "node_modules/a": { link: true },
    "node_modules/b": {},
    c: entry(),
    "node_modules/d": entry({ dependencies: { e: "/x", f: "a@b" } }),
  };
  expect(faultsOf(packages, { dependencies: { a: "x:y" } })).toHaveLength(8);
});

test("a package finds another inside of itself, beside itself and further up, and nowhere else", () => {
  const needs = (name: string) => entry({ dependencies: { [name]: "1" } });
  const place = "node_modules/a/node_modules/b";
  const packages = { "node_modules/a": entry(), [place]: needs("c") };
  for (const found of [`${place}/node_modules/c`, "node_modules/a/node_modules/c", "node_modules/c"])
    expect(faultsOf({ ...packages, [found]: entry() })).toEqual([]);
  const lost = faultsOf({ ...packages, "node_modules/d/node_modules/c": entry() });
  expect(lost).toEqual([`packages["${place}"]: its dependency c is not in the lock file`]);
});

test.each<[string, () => unknown]>([
  ["a lock nested a hundred thousand times", () => JSON.parse(`${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}`)],
  ["an integrity nested a hundred thousand times", () => JSON.parse(`${"[".repeat(1e5)}${"]".repeat(1e5)}`)],
])("%s is only a fault", (_, make) => {
  const hostile = make();
  expect(readNpmLock(hostile, {})).toHaveLength(1);
  const packages = { "node_modules/a": entry({ integrity: hostile, version: hostile }) };
  for (const fault of faultsOf(packages)) expect(fault.length).toBeLessThan(200);
  expect(faultsOf(packages)).toHaveLength(2);
});

test("a hundred thousand faults are found in seconds", () => {
  const names = Array.from({ length: 100_000 }, (_, at) => [`n${at}`, 1]);
  const begin = performance.now();
  const faults = faultsOf({ "node_modules/a": entry({ dependencies: Object.fromEntries(names) }) });
  expect(performance.now() - begin).toBeLessThan(20_000);
  expect(faults.length).toBe(100_000);
});
