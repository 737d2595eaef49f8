import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pluginHash } from "../../core/plugins/plugin-hash.ts";
import {
  builtInMethods,
  builtInPlugins,
  kindOfPlugin,
  locateAlgorithm,
  locatePlugin,
} from "../../core/plugins/plugin-location.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { examples } from "../schemas/example-files.ts";

const datasetManifest = () =>
  examples("plugin-manifest", "valid").find(({ name }) => name === "dataset")?.document as Record<string, unknown>;

describe("built-in methods", () => {
  test("are found by name", () => {
    expect(builtInPlugins("algorithm")).toEqual(expect.arrayContaining(["bohb", "rea", "reinforce", "rs"]));
    for (const name of builtInPlugins("algorithm")) {
      const plugin = locateAlgorithm(name);
      expect(plugin).toMatchObject({ origin: "built-in", manifest: { kind: "algorithm", name } });
      expect(plugin.folder).toBe(path.join(REPOSITORY, "plugins/algorithms", name));
    }
  });

  test("have different names, their variants included", () => {
    const names = builtInMethods();
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toEqual(expect.arrayContaining([...builtInPlugins("algorithm"), "bohb-multi-fidelity"]));
    for (const name of names) expect(locateAlgorithm(name).manifest.name).toBe(name);
  });

  test("come before a folder or package of the same name", () => {
    const from = temporaryFolder();
    writePlugin(path.join(from, "rs"));
    writePlugin(path.join(from, "node_modules/rs"));
    expect(locateAlgorithm("rs", from).origin).toBe("built-in");
    expect(locateAlgorithm("./rs", from).origin).toBe("path");
  });
});

describe("by path", () => {
  test("relative, absolute, with a slash, or of a file in the folder", () => {
    const from = temporaryFolder();
    const folder = writePlugin(path.join(from, "methods/made-up"));
    const paths = [
      "./methods/made-up",
      "methods/made-up",
      "methods/made-up/",
      folder,
      "./methods/made-up/plugin.json",
      `${folder}/index.ts`,
    ];
    for (const given of paths) {
      const plugin = locateAlgorithm(given, from);
      expect(plugin.origin, given).toBe("path");
      expect(path.resolve(plugin.folder), given).toBe(folder);
    }
    expect(locateAlgorithm("..", path.join(folder, "inner")).folder).toBe(folder);
  });

  test("that leads nowhere", () => {
    const from = temporaryFolder();
    const error = harnessErrorOf(() => locateAlgorithm("./methods/none", from));
    expect(error.code).toBe("NAS_PLUGIN_NOT_FOUND");
    expect(error.details).toMatchObject({ what: "there is no such folder", where: path.join(from, "methods/none") });
    for (const name of builtInMethods()) expect(error.details.allowed).toContain(name);
  });

  test("to a folder without a manifest, or with a broken one", () => {
    const from = temporaryFolder();
    mkdirSync(path.join(from, "empty"));
    expect(harnessErrorOf(() => locateAlgorithm("./empty", from)).code).toBe("NAS_PLUGIN_NOT_FOUND");
    writePlugin(path.join(from, "broken"), algorithmManifest({ version: 1 }));
    expect(harnessErrorOf(() => locateAlgorithm("./broken", from)).code).toBe("NAS_PLUGIN_MANIFEST");
  });
});

describe("by the name of an installed package", () => {
  test.each(["nas-method-made-up", "@somebody/made-up"])("%s, from its folder or from below", (name) => {
    const from = temporaryFolder();
    const folder = writePlugin(path.join(from, "node_modules", name), algorithmManifest({ entry: "index.js" }));
    mkdirSync(path.join(from, "src/deep"), { recursive: true });
    for (const place of [from, path.join(from, "src/deep")]) {
      expect(locateAlgorithm(name, place)).toMatchObject({ origin: "package", folder, manifest: { name: "made-up" } });
    }
  });

  test("the nearest one wins", () => {
    const from = temporaryFolder();
    const near = path.join(from, "project");
    writePlugin(path.join(from, "node_modules/made-up"), algorithmManifest({ version: "1.0.0" }));
    writePlugin(path.join(near, "node_modules/made-up"), algorithmManifest({ version: "2.0.0" }));
    expect(locateAlgorithm("made-up", near).manifest.version).toBe("2.0.0");
    expect(locateAlgorithm("made-up", from).manifest.version).toBe("1.0.0");
  });

  test("a package that is no plugin is not found", () => {
    const from = temporaryFolder();
    mkdirSync(path.join(from, "node_modules/left"), { recursive: true });
    writeFileSync(path.join(from, "node_modules/left/package.json"), "{}");
    for (const name of ["left", "not-installed", "@somebody/else", "fs", "toString", ""]) {
      const error = harnessErrorOf(() => locateAlgorithm(name, from));
      expect(error.code, name).toBe("NAS_PLUGIN_NOT_FOUND");
      expect(error.details.what, name).toContain(`"${name}"`);
    }
  });
});

test("a plugin of the wrong kind is not what was asked for", () => {
  const from = temporaryFolder();
  writePlugin(path.join(from, "shapes"), datasetManifest());
  expect(locatePlugin("dataset", "./shapes", from).manifest.name).toBe("shapes");
  const error = harnessErrorOf(() => locateAlgorithm("./shapes", from));
  expect(error.code).toBe("NAS_PLUGIN_NOT_FOUND");
  expect(error.details.what).toBe("shapes is of kind dataset, not algorithm");
  writePlugin(path.join(from, "method"));
  expect(harnessErrorOf(() => locatePlugin("dataset", "./method", from)).details.what).toContain("of kind algorithm");
});

describe("a plugin's hash", () => {
  test("covers names and bytes of its files, wherever it lies", () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()].map((folder) => writePlugin(path.join(folder, "p")));
    const hash = pluginHash(first as string);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(pluginHash(second as string)).toBe(hash);
    writeFileSync(path.join(second as string, "index.ts"), "// changed");
    expect(pluginHash(second as string)).not.toBe(hash);
    mkdirSync(path.join(first as string, "lib"));
    writeFileSync(path.join(first as string, "lib/a.ts"), "");
    const withFile = pluginHash(first as string);
    expect(withFile).not.toBe(hash);
    // What stands in a file must not look like another file.
    writeFileSync(path.join(first as string, "lib/a.ts"), "5:b.ts:0:");
    expect(pluginHash(first as string)).not.toBe(withFile);
  });

  test("leaves out what is installed or hidden", () => {
    const folder = writePlugin(path.join(temporaryFolder(), "p"));
    const hash = pluginHash(folder);
    for (const inner of ["node_modules/x", ".git", "lib/node_modules/y"]) {
      mkdirSync(path.join(folder, inner), { recursive: true });
      writeFileSync(path.join(folder, inner, "index.js"), "x");
    }
    writeFileSync(path.join(folder, ".hidden"), "x");
    expect(pluginHash(folder)).toBe(hash);
  });
});

describe("the kind of a plugin", () => {
  test("is read from its manifest, wherever it is found; nothing that is found is left to who looks for methods", () => {
    const from = temporaryFolder();
    writePlugin(path.join(from, "own/method"));
    writePlugin(path.join(from, "own/images"), { ...datasetManifest(), entry: "index.ts" });
    writePlugin(path.join(from, "node_modules/images"), { ...datasetManifest(), entry: "index.ts" });
    const kinds = ["rs", "bohb-multi-fidelity", "./own/method", "own/images", "./own/images/index.ts", "images"];
    expect(kinds.map((name) => kindOfPlugin(name, from))).toEqual([
      "algorithm",
      "algorithm",
      "algorithm",
      "dataset",
      "dataset",
      "dataset",
    ]);
    expect(new Set(builtInPlugins("dataset").map((name) => kindOfPlugin(name)))).toEqual(new Set(["dataset"]));
    for (const nothing of ["nowhere", "./nowhere", "./own/method#variant"])
      expect(kindOfPlugin(nothing, from)).toBe("algorithm");
    expect(harnessErrorOf(() => kindOfPlugin("./own", from)).code).toBe("NAS_PLUGIN_NOT_FOUND");
  });
});
