import { describe, expect, test } from "vitest";
import { deepFreeze, resolveOptions } from "../../core/plugins/options.ts";
import { builtInMethods, locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { builtInProtocols, loadProtocol } from "../../core/protocols/protocol-file.ts";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest } from "../helpers/plugin-folder.ts";

const MANIFEST = algorithmManifest({
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      size: { type: "integer", minimum: 1, default: 10, description: "Size." },
      rate: { type: "number", default: 0.5, description: "Rate." },
      kinds: { type: "array", items: { enum: ["a", "b"] }, default: ["a"], description: "Kinds." },
    },
  },
  settings: { "nats-bench": { size: 20, rate: 0.25 } },
}) as unknown as AlgorithmManifest;

describe("precedence", () => {
  test("the defaults come first", () => {
    expect(resolveOptions(MANIFEST, { id: "nas-bench-201" })).toEqual({ size: 10, rate: 0.5, kinds: ["a"] });
  });

  test("then the manifest's settings for this protocol", () => {
    expect(resolveOptions(MANIFEST, { id: "nats-bench" })).toEqual({ size: 20, rate: 0.25, kinds: ["a"] });
  });

  test("then the user's own", () => {
    const own = { rate: 1, kinds: ["b", "a"] };
    expect(resolveOptions(MANIFEST, { id: "nats-bench" }, own)).toEqual({ size: 20, ...own });
    expect(resolveOptions(MANIFEST, { id: "nas-bench-201" }, own)).toEqual({ size: 10, ...own });
  });

  test("a protocol may name another one whose settings serve where it has none", () => {
    const own = { ...MANIFEST, settings: { ...MANIFEST.settings, ours: { size: 3 } } };
    expect(resolveOptions(MANIFEST, { id: "ours", settingsOf: "nats-bench" })).toMatchObject({ size: 20, rate: 0.25 });
    expect(resolveOptions(own, { id: "ours", settingsOf: "nats-bench" })).toMatchObject({ size: 3, rate: 0.5 });
    expect(resolveOptions(MANIFEST, { id: "ours", settingsOf: "theirs" })).toMatchObject({ size: 10, rate: 0.5 });
  });
});

test("keys stand in alphabetical order, whoever named them", () => {
  expect(Object.keys(resolveOptions(MANIFEST, { id: "nats-bench" }, { size: 1, rate: 1 }))).toEqual([
    "kinds",
    "rate",
    "size",
  ]);
});

test("what comes back is frozen through and through, and the manifest is not touched", () => {
  const before = structuredClone(MANIFEST);
  const own = { kinds: ["b"] };
  const options = resolveOptions(MANIFEST, { id: "nats-bench" }, own) as { kinds: string[]; size: number };
  expect(() => options.kinds.push("a")).toThrow(TypeError);
  expect(() => {
    options.size = 5;
  }).toThrow(TypeError);
  own.kinds.push("a");
  expect(options.kinds).toEqual(["b"]);
  expect(MANIFEST).toEqual(before);
  expect((resolveOptions(MANIFEST, { id: "nas-bench-201" }) as typeof options).kinds).not.toBe(options.kinds);
});

describe("options that do not fit", () => {
  test("are told all at once, with what is allowed", () => {
    const error = harnessErrorOf(() =>
      resolveOptions(MANIFEST, { id: "nats-bench" }, { size: 0.5, rate: "fast", siez: 5, kinds: ["c"] }),
    );
    expect(error.code).toBe("NAS_PLUGIN_OPTIONS");
    expect(error.details.what).toBe("the options of made-up have 4 faults");
    expect(error.details.where?.split("\n").sort()).toEqual([
      '- options.kinds[0]: "c" is not allowed; one of "a", "b"',
      '- options.rate: "fast" is not of type number',
      "- options.size: 0.5 is not of type integer",
      '- options: unknown field "siez"; allowed are size, rate, kinds',
    ]);
    expect(error.details.allowed).toBe("size, rate, kinds");
    expect(error.details.next).toContain("nas-harness list made-up");
  });

  test("of a method without options say so", () => {
    const bare = { ...MANIFEST, options: { type: "object", additionalProperties: false } } as AlgorithmManifest;
    const error = harnessErrorOf(() => resolveOptions(bare, { id: "nas-bench-201" }, { size: 1 }));
    expect(error.details.what).toBe("the options of made-up have 1 fault");
    expect(error.details.allowed).toBe("made-up takes no options");
  });

  test.each(["__proto__", "constructor", "toString"])("%s is an unknown option like any other", (name) => {
    const own = JSON.parse(`{"${name}": {"size": 1}}`);
    expect(harnessErrorOf(() => resolveOptions(MANIFEST, { id: "nas-bench-201" }, own)).details.where).toContain(name);
    expect(resolveOptions(MANIFEST, { id: name, settingsOf: name })).toEqual(
      resolveOptions(MANIFEST, { id: "nas-bench-201" }),
    );
  });
});

describe.each(builtInMethods())("the built-in method %s", (name) => {
  test.each(builtInProtocols())("has options for %s", (protocol) => {
    const { manifest } = locateAlgorithm(name);
    const options = resolveOptions(manifest, loadProtocol(protocol));
    const known = Object.keys((manifest.options as { properties?: object }).properties ?? {});
    expect(Object.keys(options)).toEqual(known.sort());
  });
});

test("deepFreeze reaches lists in objects in lists", () => {
  const innermost = { b: 1 };
  const value = deepFreeze([{ a: [innermost] }]);
  for (const part of [value, value[0], value[0]?.a, innermost]) expect(Object.isFrozen(part)).toBe(true);
  for (const plain of [null, undefined, 1, "text"]) expect(deepFreeze(plain)).toBe(plain);
});

describe("schemas of several plugins", () => {
  const withSchema = (extra: object) =>
    ({
      ...MANIFEST,
      options: { ...MANIFEST.options, ...extra },
    }) as unknown as AlgorithmManifest;

  test("with the same id do not stand in for each other", () => {
    const $id = "https://example.org/options";
    const [first, second] = [5, 6].map((fallback) =>
      withSchema({
        $id,
        properties: { size: { type: "integer", maximum: fallback, default: fallback, description: "Size." } },
      }),
    ) as [AlgorithmManifest, AlgorithmManifest];
    const without = { settings: {} };
    expect(resolveOptions({ ...first, ...without }, { id: "nas-bench-201" })).toEqual({ size: 5 });
    expect(resolveOptions({ ...second, ...without }, { id: "nas-bench-201" })).toEqual({ size: 6 });
  });

  test("one that takes the name of the schema of schemas harms itself only", () => {
    const named = withSchema({ $id: "http://json-schema.org/draft-07/schema" });
    expect(harnessErrorOf(() => resolveOptions(named, { id: "nas-bench-201" })).code).toBe("NAS_PLUGIN_MANIFEST");
    expect(resolveOptions(MANIFEST, { id: "nas-bench-201" })).toEqual({ size: 10, rate: 0.5, kinds: ["a"] });
    const broken = withSchema({ properties: { size: { type: "nothing", default: 1, description: "Size." } } });
    expect(harnessErrorOf(() => resolveOptions(broken, { id: "nas-bench-201" })).code).toBe("NAS_PLUGIN_MANIFEST");
  });
});
