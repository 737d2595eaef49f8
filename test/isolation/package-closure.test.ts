import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packageClosure } from "../../core/isolation/package-closure.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Packages by path, each with the names that it depends on; null: a folder without a package.json. */
type Tree = Readonly<Record<string, readonly string[] | null>>;

function writeTree(tree: Tree, root = realpathSync(temporaryFolder())): string {
  for (const [place, names] of Object.entries(tree)) {
    const folder = path.join(root, place);
    mkdirSync(folder, { recursive: true });
    const dependencies = Object.fromEntries((names ?? []).map((name) => [name, "*"]));
    if (names !== null) writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: place, dependencies }));
  }
  return root;
}

/** The closure of the package in `plugin`, relative to the tree. */
function closureOf(root: string): string[] {
  return packageClosure(path.join(root, "plugin")).map((folder) => path.relative(root, folder));
}

test.each<[string, Tree, string[]]>([
  ["without a package.json needs nothing", { plugin: null, "node_modules/a": [] }, []],
  ["that names no packages needs nothing", { plugin: [], "plugin/node_modules/a": [] }, []],
  [
    "needs what its own packages hold inside of them",
    { plugin: ["a"], "plugin/node_modules/a": ["b"], "plugin/node_modules/a/node_modules/b": [] },
    ["plugin/node_modules/a", "plugin/node_modules/a/node_modules/b"],
  ],
  [
    "needs packages that are installed further up",
    { plugin: ["a"], "node_modules/a": ["b"], "node_modules/b": [], "node_modules/unused": [] },
    ["node_modules/a", "node_modules/b"],
  ],
  [
    "needs both of two versions, each as its user finds it",
    { plugin: ["a", "b"], "node_modules/a": ["b"], "node_modules/b": [], "node_modules/a/node_modules/b": [] },
    ["node_modules/a", "node_modules/a/node_modules/b", "node_modules/b"],
  ],
  [
    "needs the nearer of two",
    { plugin: ["a"], "plugin/node_modules/a": [], "node_modules/a": ["b"], "node_modules/b": [] },
    ["plugin/node_modules/a"],
  ],
  [
    "needs packages with a scope",
    { plugin: ["@made/up"], "node_modules/@made/up": ["@made/other"], "node_modules/@made/other": [] },
    ["node_modules/@made/other", "node_modules/@made/up"],
  ],
  [
    "needs packages that need each other",
    { plugin: ["a"], "node_modules/a": ["b", "a"], "node_modules/b": ["a"] },
    ["node_modules/a", "node_modules/b"],
  ],
  [
    "goes without a package that is not there",
    { plugin: ["missing", "a"], "node_modules/a": ["missing", "b"], "node_modules/b": [] },
    ["node_modules/a", "node_modules/b"],
  ],
  [
    "passes over a folder that is no package",
    { plugin: ["a"], "plugin/node_modules/a": null, "node_modules/a": [] },
    ["node_modules/a"],
  ],
])("a package %s", (_, tree, needed) => {
  expect(closureOf(writeTree(tree))).toEqual(needed);
});

test("a package.json without dependencies names none, and what is only for development is none", () => {
  const root = writeTree({ plugin: ["a"], "node_modules/a": [], "node_modules/b": [] });
  writeFileSync(path.join(root, "node_modules/a/package.json"), JSON.stringify({ devDependencies: { b: "*" } }));
  expect(closureOf(root)).toEqual(["node_modules/a"]);
});

test.each(["null", "5", "[]", '"a"', '{ "dependencies": null }', '{ "dependencies": "a" }'])(
  "the package.json %s names no package",
  (text) => {
    const root = writeTree({ plugin: null, "node_modules/a": [] });
    writeFileSync(path.join(root, "plugin/package.json"), text);
    expect(closureOf(root)).toEqual([]);
  },
);

test("what a linked package needs is looked for where it really is, if it was installed there", () => {
  const tree = { plugin: ["linked"], "plugin/node_modules": null, "far/node_modules/b": [] };
  const root = writeTree({ ...tree, "far/node_modules/linked": ["b"] });
  symlinkSync(path.join(root, "far/node_modules/linked"), path.join(root, "plugin/node_modules/linked"));
  expect(closureOf(root)).toContain("far/node_modules/b");
  expect(closureOf(root)).toContain("far/node_modules/linked");
});

test("a link from node_modules to a folder that nobody installed is no package", () => {
  const root = writeTree({
    plugin: ["linked"],
    "plugin/node_modules": null,
    "far/linked": ["b"],
    "far/node_modules/b": [],
  });
  symlinkSync(path.join(root, "far/linked"), path.join(root, "plugin/node_modules/linked"));
  expect(closureOf(root)).toEqual([]);
});

test.each(["../../far", "..", ".", "/etc", "a/../../far", "@a/../far", "nas-harness"])(
  "the name %s is none that npm would install",
  (name) => {
    const root = writeTree({ plugin: [name], "far/node_modules/b": [], far: [], "node_modules/nas-harness": [] });
    expect(closureOf(root)).toEqual([]);
  },
);

test("of packages that lie side by side, those are needed that a chain of needs leads to", () => {
  const names = ["a", "b", "c", "d", "e"];
  const some = fc.subarray(names);
  fc.assert(
    fc.property(some, fc.tuple(some, some, some, some, some), (own, needs) => {
      const packages = Object.fromEntries(names.map((name, at) => [`node_modules/${name}`, needs[at] ?? []]));
      const reached = new Set(own);
      for (const name of reached) for (const next of needs[names.indexOf(name)] ?? []) reached.add(next);
      const expected = [...reached].sort().map((name) => `node_modules/${name}`);
      expect(closureOf(writeTree({ plugin: own, ...packages }))).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test("the harness itself needs its packages and theirs, but not its tools", () => {
  const needed = packageClosure(REPOSITORY).map((folder) => folder.split(`node_modules${path.sep}`).at(-1));
  expect(needed).toEqual(expect.arrayContaining(["ajv", "fast-deep-equal", "tapable"]));
  expect(needed).not.toContain("vitest");
  expect(needed).not.toContain("typescript");
});
