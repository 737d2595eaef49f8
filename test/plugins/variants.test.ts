import path from "node:path";
import { describe, expect, test } from "vitest";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const MANIFEST = algorithmManifest({
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      size: { type: "integer", minimum: 1, default: 10, description: "Size." },
      rate: { type: "number", default: 0.5, description: "Rate." },
    },
  },
  settings: { "nats-bench": { size: 20, rate: 0.25 } },
  variants: [
    { name: "made-up-large", title: "Large", description: "Made up, large.", options: { size: 100 } },
    { name: "made-up-slow", title: "Slow", description: "Made up, slow.", options: { rate: 0.01 } },
  ],
});

/** The variant, located by path. */
function located(variant: string) {
  const from = temporaryFolder();
  writePlugin(path.join(from, "made-up"), MANIFEST);
  return locateAlgorithm(`./made-up#${variant}`, from);
}

test("a variant is a method of its own name in the plugin's folder, with the plugin's version and entry", () => {
  const { manifest, folder, origin } = located("made-up-slow");
  expect(manifest).toMatchObject({ name: "made-up-slow", title: "Slow", description: "Made up, slow." });
  expect(manifest).toMatchObject({ version: MANIFEST.version, entry: MANIFEST.entry, authors: MANIFEST.authors });
  expect(manifest.variants).toBeUndefined();
  expect([path.basename(folder), origin]).toEqual(["made-up", "path"]);
});

test("a variant's options hold whatever the plugin's defaults and settings are; the user's come before them", () => {
  const { manifest } = located("made-up-large");
  expect(resolveOptions(manifest, { id: "other" })).toEqual({ rate: 0.5, size: 100 });
  expect(resolveOptions(manifest, { id: "nats-bench" })).toEqual({ rate: 0.25, size: 100 });
  expect(resolveOptions(manifest, { id: "other", settingsOf: "nats-bench" })).toEqual({ rate: 0.25, size: 100 });
  expect(resolveOptions(manifest, { id: "nats-bench" }, { size: 7 })).toEqual({ rate: 0.25, size: 7 });
  expect(() => resolveOptions(manifest, { id: "other" }, { size: 0 })).toThrow("NAS_PLUGIN_OPTIONS");
});

test("the plugin itself is not changed by its variants", () => {
  const from = temporaryFolder();
  writePlugin(path.join(from, "made-up"), MANIFEST);
  locateAlgorithm("./made-up#made-up-large", from);
  const { manifest } = locateAlgorithm("./made-up", from);
  expect(manifest).toEqual(MANIFEST);
  expect(resolveOptions(manifest, { id: "nats-bench" })).toEqual({ rate: 0.25, size: 20 });
});

describe("a variant is named", () => {
  test("by its name where it is built in, and with its plugin's", () => {
    const variant = locateAlgorithm("bohb-multi-fidelity");
    expect(variant).toMatchObject({ origin: "built-in", manifest: { name: "bohb-multi-fidelity" } });
    expect(variant.folder).toBe(locateAlgorithm("bohb").folder);
    expect(locateAlgorithm("bohb#bohb-multi-fidelity")).toEqual(variant);
  });

  test("behind the name of a package", () => {
    const from = temporaryFolder();
    writePlugin(path.join(from, "node_modules/made-up"), MANIFEST);
    const { manifest, origin } = locateAlgorithm("made-up#made-up-large", from);
    expect([manifest.name, origin]).toEqual(["made-up-large", "package"]);
  });

  test("a folder whose own name holds the sign is that folder", () => {
    const from = temporaryFolder();
    const folder = writePlugin(path.join(from, "made#up"));
    expect(locateAlgorithm("./made#up", from).folder).toBe(folder);
  });

  test("one that is not there is refused with those that are", () => {
    const error = harnessErrorOf(() => located("made-up-small"));
    expect(error.code).toBe("NAS_PLUGIN_NOT_FOUND");
    expect(error.details).toMatchObject({
      what: 'made-up has no variant "made-up-small"',
      allowed: "made-up-large, made-up-slow",
    });
    expect(harnessErrorOf(() => locateAlgorithm("rs#fast")).details.allowed).toBe("it has none");
    expect(harnessErrorOf(() => locateAlgorithm("./nowhere#fast")).details.what).toBe("there is no such folder");
  });
});

test("plugin and variant are the same code", async () => {
  const [plugin, variant] = [locateAlgorithm("bohb"), locateAlgorithm("bohb-multi-fidelity")];
  expect(await loadAlgorithm(variant)).toBe(await loadAlgorithm(plugin));
});
