import { mkdirSync, rmdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { checkManifest, readManifest } from "../../core/plugins/manifest.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** The faults of a manifest beside which lies `index.ts`, one text each. */
function faultsOf(manifest: unknown): string[] {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "index.ts"), "");
  const error = harnessErrorOf(() => checkManifest(manifest, path.join(folder, "plugin.json")));
  expect(error.code).toBe("NAS_PLUGIN_MANIFEST");
  const [file, ...faults] = (error.details.where ?? "").split("\n");
  expect(file).toBe(path.join(folder, "plugin.json"));
  expect(error.details.what).toBe(
    faults.length === 1 ? "the manifest has 1 fault" : `the manifest has ${faults.length} faults`,
  );
  return faults.map((fault) => fault.replace(/^- /, ""));
}

const options = (properties: Record<string, unknown>, others: Record<string, unknown> = {}) => ({
  type: "object",
  additionalProperties: false,
  properties,
  ...others,
});

test("a good manifest is returned as it is", () => {
  const folder = writePlugin(temporaryFolder());
  expect(readManifest(folder)).toEqual(algorithmManifest());
});

test("a manifest with five faults gives five lines", () => {
  const manifest = algorithmManifest({
    name: "Made Up",
    version: "1",
    licence: undefined,
    entry: "search.ts",
    options: options({ size: { type: "integer", default: 10 } }),
  });
  expect(faultsOf(manifest)).toEqual([
    'the document: the field "licence" is missing',
    'name: "Made Up" is not of the form ^[a-z0-9]+(-[a-z0-9]+)*$ (Lower-case words joined by hyphens)',
    'version: "1" is not of the form ^\\d+\\.\\d+\\.\\d+$ (A semantic version)',
    "entry: there is no file search.ts beside the manifest",
    "options.properties.size: the description is missing",
  ]);
});

describe("what is no manifest at all", () => {
  test.each([null, [], "plugin", 42, true])("%j", (document) => {
    expect(faultsOf(document)[0]).toContain("is not of type object");
  });

  test("an empty object lacks every required field", () => {
    const faults = faultsOf({});
    for (const field of ["kind", "apiVersion", "name", "version", "title", "entry", "options"]) {
      expect(faults).toContain(`the document: the field "${field}" is missing`);
    }
  });

  test.each([["widget"], [1], [null]])("kind %j", (kind) => {
    expect(faultsOf(algorithmManifest({ kind }))).toEqual([
      `kind: ${JSON.stringify(kind)} is not allowed; one of "algorithm", "dataset"`,
    ]);
  });
});

describe("the options' schema", () => {
  test.each<[string, unknown, string[]]>([
    [
      "is not of type object",
      { type: "array" },
      [
        'options: its "type" must be "object"',
        'options: "additionalProperties" must be false, so that a misspelt option is an error',
      ],
    ],
    [
      "lets unknown options pass",
      options({}, { additionalProperties: true }),
      ['options: "additionalProperties" must be false, so that a misspelt option is an error'],
    ],
    [
      "lacks a default and a description",
      options({ a: { type: "integer" } }),
      ["options.properties.a: the default is missing", "options.properties.a: the description is missing"],
    ],
    [
      "has a default that it forbids",
      options({ a: { type: "integer", maximum: 3, default: 4, description: "A." } }),
      ["options.properties.a.default: 4 is more than 3 (A)"],
    ],
    [
      "has an option that is true",
      options({ a: true }),
      ["options.properties.a: the default is missing", "options.properties.a: the description is missing"],
    ],
  ])("%s", (_, schema, faults) => {
    expect(faultsOf(algorithmManifest({ options: schema }))).toEqual(faults);
  });

  test.each<[string, Record<string, unknown>]>([
    ["an unknown type", { type: "count" }],
    ["a misspelt keyword", { type: "integer", minimun: 1 }],
    ["a broken pattern", { type: "string", pattern: "(" }],
    ["a reference that leads nowhere", { $ref: "other.json" }],
  ])("has %s", (_, property) => {
    const schema = options({ a: { default: 1, description: "A.", ...property } });
    const [fault, ...others] = faultsOf(algorithmManifest({ options: schema }));
    expect(fault).toMatch(/^options: not a valid JSON Schema: ./);
    expect(others).toEqual([]);
  });

  test("may hold lists and objects with their own defaults", () => {
    const schema = options({
      layers: { type: "array", items: { type: "integer" }, default: [1, 2], description: "Layers." },
      rate: {
        type: "object",
        additionalProperties: false,
        properties: { start: { type: "number", default: 0.1 } },
        default: {},
        description: "Rate.",
      },
    });
    const folder = writePlugin(temporaryFolder(), algorithmManifest({ options: schema }));
    expect(readManifest(folder)).toMatchObject({ options: schema });
  });
});

describe("settings", () => {
  test("that do not fit the options are told with their protocol", () => {
    const settings = {
      "nats-bench": { size: 0, siez: 5 },
      "nas-bench-201": { size: "ten" },
      "nas-bench-201-mean": { size: 5 },
    };
    expect(faultsOf(algorithmManifest({ settings })).sort()).toEqual([
      'settings.nas-bench-201.size: "ten" is not of type integer',
      "settings.nats-bench.size: 0 is less than 1 (Size)",
      'settings.nats-bench: unknown field "siez"; allowed are size',
    ]);
  });

  test("that are no objects are one fault each", () => {
    expect(faultsOf(algorithmManifest({ settings: { "nats-bench": 5 } }))).toEqual([
      "settings.nats-bench: 5 is not of type object",
    ]);
    expect(faultsOf(algorithmManifest({ settings: null }))).toEqual(["settings: null is not of type object"]);
  });
});

describe("variants", () => {
  test("that are no variants are explained like any other field", () => {
    expect(faultsOf(algorithmManifest({ variants: [null, "fast", {}] }))).toEqual([
      "variants[0]: null is not of type object",
      'variants[1]: "fast" is not of type object',
      'variants[2]: the field "name" is missing',
      'variants[2]: the field "title" is missing',
      'variants[2]: the field "description" is missing',
      'variants[2]: the field "options" is missing',
    ]);
    expect(faultsOf(algorithmManifest({ variants: "fast" }))).toEqual(['variants: "fast" is not of type array']);
  });

  test("name the option that does not fit", () => {
    const variant = { name: "large", title: "Large", description: "Large.", options: { size: "large", seize: 1 } };
    expect(faultsOf(algorithmManifest({ variants: [variant] })).sort()).toEqual([
      'variants[0].options.size: "large" is not of type integer',
      'variants[0].options: unknown field "seize"; allowed are size',
    ]);
  });
});

describe("the entry", () => {
  test.each(["../index.ts", "a/../../index.ts", "./../index.ts", "/index.ts", "C:\\index.ts", "index.py", "index", ""])(
    "%j is refused, whether such a file exists or not",
    (entry) => {
      const [fault, ...others] = faultsOf(algorithmManifest({ entry }));
      expect(fault).toContain("Entry file inside the plugin's folder");
      expect(others).toEqual([]);
    },
  );

  test.each(["index.ts", "./index.ts"])("%j is accepted", (entry) => {
    const folder = writePlugin(temporaryFolder(), algorithmManifest({ entry }));
    expect(readManifest(folder)).toMatchObject({ entry });
  });
});

describe("the lock file", () => {
  const program = { entry: undefined, runtime: "process", command: ["python3", "search.py"] };

  test.each(["requirements.txt", "package-lock.json"])("%s must lie beside the manifest", (lock) => {
    const fault = `lock: there is no file ${lock} beside the manifest`;
    expect(faultsOf(algorithmManifest({ ...program, lock }))).toEqual([fault]);
    const folder = writePlugin(temporaryFolder(), algorithmManifest({ ...program, lock }), null);
    mkdirSync(path.join(folder, lock));
    expect(harnessErrorOf(() => readManifest(folder)).details.where).toContain(fault);
    rmdirSync(path.join(folder, lock));
    symlinkSync("plugin.json", path.join(folder, lock));
    expect(harnessErrorOf(() => readManifest(folder)).details.where).toContain(fault);
    unlinkSync(path.join(folder, lock));
    writeFileSync(path.join(folder, lock), "what it says is looked at when it is installed");
    expect(readManifest(folder)).toMatchObject({ lock });
  });

  test("of Python packages is for programs only", () => {
    expect(faultsOf(algorithmManifest({ lock: "requirements.txt" }))).toEqual([
      'lock: requirements.txt is only for the runtime "process"',
    ]);
  });

  test.each(["../requirements.txt", "/requirements.txt", "poetry.lock", "lock/package-lock.json", "", 5, null, []])(
    "is not called %j",
    (lock) => {
      const [fault, ...others] = faultsOf(algorithmManifest({ lock }));
      expect(fault).toMatch(/^lock: .* is not allowed; one of "requirements.txt", "package-lock.json"$/);
      expect(others).toEqual([]);
    },
  );
});

describe("reading from a folder", () => {
  test("that is no plugin's", () => {
    const folder = temporaryFolder();
    const error = harnessErrorOf(() => readManifest(folder));
    expect(error.code).toBe("NAS_PLUGIN_NOT_FOUND");
    expect(error.details).toMatchObject({ where: folder, what: expect.stringContaining("plugin.json") });
  });

  test("whose manifest is no JSON", () => {
    const folder = writePlugin(temporaryFolder(), '{ "kind": "algorithm",\n}');
    const error = harnessErrorOf(() => readManifest(folder));
    expect(error.code).toBe("NAS_JSON");
    expect(error.details.where).toBe(`${path.join(folder, "plugin.json")}:2:1`);
  });
});
