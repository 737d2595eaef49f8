import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { builtInMethods, locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { needsTraining } from "../../core/runner/plan.ts";
import { algorithmManifest, RANDOM_SEARCH_SOURCE, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import type { LoadOutcome, LoadTask } from "./load-plugins.ts";

/** Loads plugins one after another in one process of its own. */
function load(...tasks: LoadTask[]): LoadOutcome[] {
  const script = path.join(import.meta.dirname, "load-plugins.ts");
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--no-warnings", script, JSON.stringify(tasks)]);
  if (status !== 0) throw new Error(`loading failed: ${stderr}`);
  return JSON.parse(stdout.toString("utf8"));
}

/** The outcome of loading plugins with these entries. */
function loadSources(sources: Readonly<Record<string, string>>): Record<string, LoadOutcome> {
  const root = temporaryFolder();
  const names = Object.keys(sources);
  const tasks = names.map((name) => ({ algorithm: writePlugin(path.join(root, name), undefined, sources[name]) }));
  const outcomes = load(...tasks);
  return Object.fromEntries(names.map((name, at) => [name, outcomes[at] as LoadOutcome]));
}

const A_PROPOSAL = { architecture: expect.any(Number), epochs: 12 };
const DEFINED = `defineAlgorithm({ search: function* () { yield propose(1462, 12); } })`;

describe('a plugin outside of the repository imports "nas-harness"', () => {
  test("and gets the running harness: in TypeScript, in JavaScript, as a package, and whatever is installed beside it", () => {
    const root = temporaryFolder();
    const typed = RANDOM_SEARCH_SOURCE.replace("search: function*", "search: function* <T>");
    const script = algorithmManifest({ entry: "index.js" });
    const tasks: LoadTask[] = [
      { algorithm: writePlugin(path.join(root, "typescript")) },
      { algorithm: writePlugin(path.join(root, "types"), undefined, typed) },
      { algorithm: writePlugin(path.join(root, "javascript"), script) },
      { algorithm: writePlugin(path.join(root, "module"), algorithmManifest({ entry: "index.mjs" })) },
      { algorithm: "made-up", from: root },
      { algorithm: writePlugin(path.join(root, "beside/plugin")) },
    ];
    writePlugin(path.join(root, "node_modules/made-up"), script);
    writeFileSync(path.join(root, "node_modules/made-up/package.json"), '{"name": "made-up", "type": "module"}');
    // Another copy of nas-harness, whose algorithms are none to the running one.
    const copy = path.join(root, "beside/node_modules/nas-harness");
    mkdirSync(copy, { recursive: true });
    writeFileSync(path.join(copy, "package.json"), '{"name": "nas-harness", "type": "module", "main": "index.js"}');
    writeFileSync(path.join(copy, "index.js"), "export const defineAlgorithm = () => ({}), propose = () => ({});");
    expect(load(...tasks)).toEqual(tasks.map(() => ({ value: A_PROPOSAL })));
  });

  test("and other files of its own", () => {
    const folder = writePlugin(
      temporaryFolder(),
      undefined,
      `import { next } from "./lib/next.ts";\nimport { defineAlgorithm, propose } from "nas-harness";\nexport default defineAlgorithm({ search: function* () { yield propose(next(), 12); } });`,
    );
    mkdirSync(path.join(folder, "lib"));
    writeFileSync(
      path.join(folder, "lib/next.ts"),
      `import { elementary } from "nas-harness";\nexport const next = (): number => elementary.pow(2, 4);`,
    );
    expect(load({ algorithm: folder })).toEqual([{ value: { architecture: 16, epochs: 12 } }]);
  });
});

test("what can't be loaded is told with its reason, file and what would do", () => {
  const importing = (line: string) => `import { defineAlgorithm, propose } from "nas-harness";\n${line}`;
  const outcomes = loadSources({
    good: importing(`export default ${DEFINED};`),
    syntax: importing(`export default ${DEFINED.slice(0, -4)}`),
    throws: `throw new Error("no licence key");`,
    "throws-text": `throw "odd";`,
    "missing-module": `import x from "not-installed-anywhere";\nexport default x;`,
    "missing-file": `import x from "./missing.ts";\nexport default x;`,
    "unknown-export": `import { defineMethod } from "nas-harness";\nexport default defineMethod({});`,
    "inner-module": `import { Random } from "nas-harness/core/random/random.ts";\nexport default Random;`,
    "no-default": importing(`export const algorithm = ${DEFINED};`),
    "wrong-default": `export default { create() { return { ask: () => null, tell() {} }; } };`,
    "a-function": "export default function search() {}",
    "null-default": "export default null;",
    enum: importing(`enum Kind { A }\nexport default ${DEFINED};`),
  });
  const { good, ...bad } = outcomes;
  expect(good).toEqual({ value: { architecture: 1462, epochs: 12 } });
  for (const [name, outcome] of Object.entries(bad)) {
    expect(outcome.code, name).toBe("NAS_PLUGIN_ENTRY");
    expect(outcome.what, name).toContain("algorithm made-up");
    expect(outcome.where, name).toMatch(new RegExp(`/${name}/index\\.ts$`));
    expect(outcome.allowed, name).toBeTruthy();
  }
  expect(bad.throws?.what).toContain("no licence key");
  expect(bad["throws-text"]?.what).toContain("odd");
  expect(bad["missing-module"]?.what).toContain("not-installed-anywhere");
  expect(bad["missing-file"]?.what).toContain("missing.ts");
  expect(bad["unknown-export"]?.what).toContain("defineMethod");
  for (const name of ["no-default", "wrong-default", "a-function", "null-default"]) {
    expect(bad[name]?.what).toContain("has no algorithm as its default export");
    expect(bad[name]?.allowed).toContain("defineAlgorithm");
  }
});

test("extensions are applied, or told what they lack", () => {
  const root = temporaryFolder();
  const sources: Record<string, string> = {
    good: `export default defineExtension({ name: "size-limit", apply(hooks) { hooks.tap("proposed", "size-limit", () => "too large"); } });`,
    silent: `export default defineExtension({ name: "silent", apply() {} });`,
    "no-default": `export const x = defineExtension({ name: "x", apply() {} });`,
    "no-apply": `export default { kind: "nas-harness/extension", name: "x" };`,
    throws: `export default defineExtension({ name: "careless", apply() { throw new Error("odd"); } });`,
    "unknown-hook": `export default defineExtension({ name: "x", apply(hooks) { hooks.tap("beforeRun", "x", () => {}); } });`,
    broken: "export default (",
  };
  const names = Object.keys(sources);
  for (const name of names) {
    writeFileSync(path.join(root, `${name}.ts`), `import { defineExtension } from "nas-harness";\n${sources[name]}`);
  }
  const outcomes = load(...[...names, "missing"].map((name) => ({ extension: path.join(root, `${name}.ts`) })));
  const of = (name: string) => outcomes[[...names, "missing"].indexOf(name)] as LoadOutcome;
  expect(of("good")).toEqual({ value: { by: "size-limit", reason: "too large" } });
  expect(of("silent")).toEqual({ value: null });
  for (const name of ["no-default", "no-apply", "broken", "missing"]) {
    expect(of(name), name).toMatchObject({ code: "NAS_PLUGIN_ENTRY", where: path.join(root, `${name}.ts`) });
  }
  expect(of("throws")).toMatchObject({ code: "NAS_HOOK", what: 'extension "careless" threw in apply: odd' });
  expect(of("unknown-hook")).toMatchObject({ code: "NAS_HOOK", what: 'there is no hook "beforeRun"' });
});

test("every built-in method that asks and tells loads and proposes something", () => {
  const names = builtInMethods().filter((name) => !needsTraining(locateAlgorithm(name).manifest));
  expect(names.length).toBeGreaterThanOrEqual(5);
  expect(load(...names.map((algorithm) => ({ algorithm })))).toEqual(names.map(() => ({ value: A_PROPOSAL })));
});

test("a package that ships TypeScript is told that it can't be loaded", () => {
  const from = temporaryFolder();
  writePlugin(path.join(from, "node_modules/made-up"));
  const [outcome] = load({ algorithm: "made-up", from });
  expect(outcome).toMatchObject({ code: "NAS_PLUGIN_ENTRY", what: expect.stringContaining("node_modules") });
});
