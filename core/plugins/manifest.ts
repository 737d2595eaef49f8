import { existsSync, lstatSync } from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import type { AlgorithmManifest, AlgorithmVariant, PluginManifest } from "../../schemas/generated/plugin-manifest.ts";
import * as validators from "../../schemas/generated/validators.cjs";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { parseJson, readTextFile } from "../files/json-file.ts";
import { explainFaults } from "../files/schema-faults.ts";

/** Name of the manifest inside a plugin's folder. */
export const MANIFEST_NAME = "plugin.json";

const newCompiler = () => new Ajv({ strict: true, allErrors: true, verbose: true, useDefaults: true });
let sharedCompiler: Ajv | null = null;

/** Compiles a schema of options and forgets it. @throws Error if it is none */
function compile(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  // A schema's ids stay in the compiler that met them, and could stand in for those of another plugin.
  if (JSON.stringify(schema).includes('"$id"')) return newCompiler().compile(schema);
  // A new compiler first compiles the schema of schemas, which takes longer than all options of a plugin.
  sharedCompiler ??= newCompiler();
  try {
    return sharedCompiler.compile(schema);
  } finally {
    sharedCompiler.removeSchema(schema);
  }
}

/** A validator of an algorithm's options; it fills defaults in. @throws NAS_PLUGIN_MANIFEST for a broken schema */
export function compileOptions(manifest: AlgorithmManifest, file: string): ValidateFunction {
  try {
    return compile(manifest.options);
  } catch (cause) {
    throw manifestError(file, [`options: not a valid JSON Schema: ${messageOf(cause)}`]);
  }
}

function manifestError(file: string, faults: readonly string[]): HarnessError {
  return new HarnessError("NAS_PLUGIN_MANIFEST", {
    what: faults.length === 1 ? "the manifest has 1 fault" : `the manifest has ${faults.length} faults`,
    where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
    next: "correct all of them; valid examples are in schemas/examples/plugin-manifest/valid",
  });
}

/** Faults of an options schema that the manifest's own schema can't express. */
function optionFaults(options: Record<string, unknown>): string[] {
  const faults: string[] = [];
  if (options.type !== "object") faults.push('options: its "type" must be "object"');
  if (options.additionalProperties !== false) {
    faults.push('options: "additionalProperties" must be false, so that a misspelt option is an error');
  }
  const properties = (options.properties ?? {}) as Record<string, Record<string, unknown>>;
  for (const [name, property] of Object.entries(properties)) {
    if (property?.default === undefined) faults.push(`options.properties.${name}: the default is missing`);
    if (typeof property?.description !== "string")
      faults.push(`options.properties.${name}: the description is missing`);
  }
  return faults;
}

/** Faults of the defaults and of the settings, by the options' own schema. */
function settingsFaults(manifest: AlgorithmManifest, file: string): string[] {
  const validate = compileOptions(manifest, file);
  if (!validate({})) {
    // Every setting would only repeat what is wrong with the defaults.
    const errors = (validate.errors ?? []).map((error) => ({
      ...error,
      instancePath: error.instancePath.replace(/^\/([^/]+)/, "/options/properties/$1/default"),
    }));
    return explainFaults(errors);
  }
  if (typeof manifest.settings !== "object" || Array.isArray(manifest.settings)) return [];
  return Object.entries(manifest.settings ?? {}).flatMap(([protocol, options]) => {
    if (typeof options !== "object" || validate(structuredClone(options))) return [];
    return explainFaults(validate.errors ?? [], `/settings/${protocol.replaceAll("~", "~0").replaceAll("/", "~1")}`);
  });
}

/** Faults of the way in which an algorithm is started: a module or a program, not both and not neither. */
function runtimeFaults(manifest: {
  readonly runtime?: unknown;
  readonly entry?: unknown;
  readonly command?: unknown;
  readonly needs?: unknown;
}) {
  const { runtime = "node", entry, command, needs } = manifest;
  // Any other runtime is a fault by itself.
  if (runtime !== "node" && runtime !== "process") return [];
  if (runtime === "process") {
    const faults =
      command === undefined ? ['the document: the field "command" is missing, which the runtime "process" needs'] : [];
    if (entry !== undefined) faults.push('entry: not allowed for the runtime "process"');
    if (Array.isArray(needs) && needs.includes("training")) {
      faults.push(
        'needs: a program can\'t train: "training" is only for the runtime "node" (docs/training-methods.md)',
      );
    }
    return faults;
  }
  const faults = entry === undefined ? ['the document: the field "entry" is missing'] : [];
  return command === undefined ? faults : [...faults, 'command: only allowed for the runtime "process"'];
}

/** Faults of the lock file that an algorithm names, as far as they show without reading it. */
function lockFaults(manifest: { readonly runtime?: unknown; readonly lock?: unknown }, folder: string): string[] {
  const { runtime = "node", lock } = manifest;
  // Any other value is a fault by itself.
  if (lock !== "requirements.txt" && lock !== "package-lock.json") return [];
  if (lock === "requirements.txt" && runtime === "node") return [`lock: ${lock} is only for the runtime "process"`];
  const isThere = lstatSync(path.join(folder, lock), { throwIfNoEntry: false })?.isFile() === true;
  return isThere ? [] : [`lock: there is no file ${lock} beside the manifest`];
}

/** Faults of the variants: names that are taken, and options that don't fit the options' schema. */
function variantFaults(manifest: AlgorithmManifest, file: string): string[] {
  if (!Array.isArray(manifest.variants)) return [];
  const validate = compileOptions(manifest, file);
  const taken = new Set<unknown>([manifest.name]);
  return manifest.variants.flatMap((variant: Partial<AlgorithmVariant> | null, at) => {
    const faults: string[] = [];
    const { name, options } = variant ?? {};
    if (taken.has(name)) faults.push(`variants[${at}].name: "${name}" is the name of another method of this plugin`);
    if (name !== undefined) taken.add(name);
    if (typeof options === "object" && options !== null && !validate(structuredClone(options)))
      faults.push(...explainFaults(validate.errors ?? [], `/variants/${at}/options`));
    return faults;
  });
}

/**
 * Checks a parsed manifest: its schema, then what a schema can't say (entry and lock file exist, options have defaults,
 * settings fit).
 * @param file path of the manifest, for messages and to find what it names
 * @throws NAS_PLUGIN_MANIFEST listing every fault at once
 */
export function checkManifest(document: unknown, file: string): PluginManifest {
  const kind = (document as { kind?: unknown } | null)?.kind;
  const validator = kind === "dataset" ? validators.datasetManifest : validators.algorithmManifest;
  const faults = validator(document) ? [] : explainFaults(validator.errors ?? []);
  if (kind !== "dataset" && kind !== "algorithm" && kind !== undefined) {
    throw manifestError(file, [`kind: ${JSON.stringify(kind)} is not allowed; one of "algorithm", "dataset"`]);
  }
  const manifest = document as { entry?: unknown; options?: unknown; lock?: unknown } | null;
  const entry = manifest?.entry;
  const entryIsPath = typeof entry === "string" && !faults.some((fault) => fault.startsWith("entry:"));
  if (entryIsPath && !existsSync(path.resolve(path.dirname(file), entry))) {
    faults.push(`entry: there is no file ${entry} beside the manifest`);
  }
  if (kind !== "dataset" && typeof manifest === "object" && manifest !== null)
    faults.push(...runtimeFaults(manifest), ...lockFaults(manifest, path.dirname(file)));
  const options = manifest?.options;
  if (kind === "algorithm" && typeof options === "object" && options !== null && !Array.isArray(options)) {
    const schemaFaults = optionFaults(options as Record<string, unknown>);
    faults.push(...schemaFaults);
    if (schemaFaults.length === 0) {
      const unusable = settingsFaults(document as AlgorithmManifest, file);
      faults.push(...unusable);
      if (unusable.length === 0) faults.push(...variantFaults(document as AlgorithmManifest, file));
    }
  }
  if (faults.length > 0) throw manifestError(file, faults);
  return document as PluginManifest;
}

/** Reads and checks the manifest of a plugin's folder. @throws NAS_PLUGIN_NOT_FOUND, NAS_JSON, NAS_PLUGIN_MANIFEST */
export function readManifest(folder: string): PluginManifest {
  const file = path.join(folder, MANIFEST_NAME);
  if (!existsSync(file)) {
    throw new HarnessError("NAS_PLUGIN_NOT_FOUND", {
      what: `this folder is no plugin: it has no ${MANIFEST_NAME}`,
      where: folder,
      next: "name the folder that holds the manifest; CONTRIBUTING.md shows how to add an algorithm",
    });
  }
  return checkManifest(parseJson(readTextFile(file), file), file);
}
