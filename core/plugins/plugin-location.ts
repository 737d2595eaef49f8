import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { AlgorithmManifest, DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { MANIFEST_NAME, readManifest } from "./manifest.ts";
import { variantOf } from "./variants.ts";

/** A plugin that was found and whose manifest holds, not loaded yet. */
export interface LocatedPlugin<Manifest = AlgorithmManifest | DatasetManifest> {
  /** Absolute path of the plugin's folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Where it came from. */
  readonly origin: "built-in" | "path" | "package";
}

const BUILT_IN_FOLDERS = {
  algorithm: path.join(import.meta.dirname, "../../plugins/algorithms"),
  dataset: path.join(import.meta.dirname, "../../plugins/datasets"),
} as const;

/** What a plugin can be. */
export type PluginKind = keyof typeof BUILT_IN_FOLDERS;

/** Names of the built-in plugins of a kind, in alphabetical order. */
export function builtInPlugins(kind: PluginKind): string[] {
  if (!existsSync(BUILT_IN_FOLDERS[kind])) return [];
  return readdirSync(BUILT_IN_FOLDERS[kind], { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Names of the variants of built-in algorithms, with the plugin of each. */
function builtInVariants(): Map<string, string> {
  const plugins = builtInPlugins("algorithm");
  return new Map(
    plugins.flatMap((plugin) => {
      const { variants = [] } = readManifest(path.join(BUILT_IN_FOLDERS.algorithm, plugin)) as AlgorithmManifest;
      return variants.map(({ name }) => [name, plugin] as const);
    }),
  );
}

/** Names of the built-in methods, the algorithms and their variants, in alphabetical order. */
export function builtInMethods(): string[] {
  return [...builtInPlugins("algorithm"), ...builtInVariants().keys()].sort();
}

function packageFolder(name: string, from: string): string | null {
  const require = createRequire(path.join(from, "package.json"));
  for (const base of require.resolve.paths(name) ?? []) {
    const folder = path.join(base, name);
    if (existsSync(path.join(folder, MANIFEST_NAME))) return folder;
  }
  return null;
}

/** Whether a text is a path, with a slash or a leading dot, and no package's name. */
const isPath = (nameOrPath: string) =>
  nameOrPath.startsWith(".") || path.isAbsolute(nameOrPath) || /^[^@].*[\\/]/.test(nameOrPath);

/** The folder of a plugin that is not built in, or null if there is none. */
function folderOf(nameOrPath: string, from: string): string | null {
  if (!isPath(nameOrPath)) return packageFolder(nameOrPath, from);
  const place = path.resolve(from, nameOrPath);
  if (!existsSync(place)) return null;
  return statSync(place).isDirectory() ? place : path.dirname(place);
}

/**
 * Finds a plugin by built-in name, by path (with a slash or a leading dot) or by the name of an installed npm package.
 * @throws NAS_PLUGIN_NOT_FOUND, NAS_JSON, NAS_PLUGIN_MANIFEST
 */
export function locatePlugin(kind: PluginKind, nameOrPath: string, from = process.cwd()): LocatedPlugin {
  const located = (folder: string, origin: LocatedPlugin["origin"]): LocatedPlugin => {
    const manifest = readManifest(folder);
    if (manifest.kind === kind) return { folder, manifest, origin };
    throw new HarnessError("NAS_PLUGIN_NOT_FOUND", {
      what: `${manifest.name} is of kind ${manifest.kind}, not ${kind}`,
      where: path.join(folder, MANIFEST_NAME),
      next: `name a plugin of kind ${kind}`,
    });
  };
  const builtIns = builtInPlugins(kind);
  if (builtIns.includes(nameOrPath)) return located(path.join(BUILT_IN_FOLDERS[kind], nameOrPath), "built-in");
  const folder = folderOf(nameOrPath, from);
  if (folder !== null) return located(folder, isPath(nameOrPath) ? "path" : "package");
  const names = kind === "algorithm" ? builtInMethods() : builtIns;
  throw new HarnessError("NAS_PLUGIN_NOT_FOUND", {
    what: isPath(nameOrPath)
      ? "there is no such folder"
      : `there is no built-in ${kind} and no installed package "${nameOrPath}"`,
    where: isPath(nameOrPath) ? path.resolve(from, nameOrPath) : nameOrPath,
    allowed: `${names.join(", ")}; a path such as ./my-${kind === "algorithm" ? "method" : kind}; or the name of an installed npm package`,
    next: "nas-harness list shows what is built in",
  });
}

/**
 * The kind of a plugin, found as {@link locatePlugin} finds one; that of methods where nothing is found, so that whoever
 * looks for a method says what is wrong.
 * @throws NAS_PLUGIN_NOT_FOUND if the folder is no plugin's, NAS_JSON, NAS_PLUGIN_MANIFEST
 */
export function kindOfPlugin(nameOrPath: string, from = process.cwd()): PluginKind {
  if (builtInMethods().includes(nameOrPath)) return "algorithm";
  if (builtInPlugins("dataset").includes(nameOrPath)) return "dataset";
  const folder = folderOf(nameOrPath, from);
  return folder === null ? "algorithm" : readManifest(folder).kind;
}

/**
 * {@link locatePlugin} for a method: an algorithm, or a variant of one by its name where it is built in, otherwise as
 * `<plugin>#<variant>`.
 */
export function locateAlgorithm(nameOrPath: string, from = process.cwd()): LocatedPlugin<AlgorithmManifest> {
  const locate = (name: string) => locatePlugin("algorithm", name, from) as LocatedPlugin<AlgorithmManifest>;
  const hash = nameOrPath.lastIndexOf("#");
  // A folder's own name may hold the sign.
  if (hash > 0 && !existsSync(path.resolve(from, nameOrPath)))
    return variantOf(locate(nameOrPath.slice(0, hash)), nameOrPath.slice(hash + 1));
  const owner = builtInPlugins("algorithm").includes(nameOrPath) ? undefined : builtInVariants().get(nameOrPath);
  return owner === undefined ? locate(nameOrPath) : variantOf(locate(owner), nameOrPath);
}
