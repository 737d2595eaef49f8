import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import util from "node:util";
import { HarnessError, messageOf } from "../errors/harness-error.ts";

/**
 * Packages that run TensorFlow.js on libtensorflow, by the name of their backend. They are optional: hundreds of megabytes
 * that only their owners want.
 */
const PACKAGES = { "tfjs-node-gpu": "@tensorflow/tfjs-node-gpu", "tfjs-node": "@tensorflow/tfjs-node" } as const;

/** The version that package.json names as optional peer dependency. */
const VERSION = "4.22.0";

/** A backend that a package of its own provides. */
export type NativeBackendName = keyof typeof PACKAGES;

/** The backends that packages of their own provide. */
export const NATIVE_BACKENDS = Object.keys(PACKAGES) as NativeBackendName[];

/** True for a backend that a package of its own provides. */
export function isNativeBackend(name: string): name is NativeBackendName {
  return Object.hasOwn(PACKAGES, name);
}

/** How a native backend's package is installed. */
export function installCommand(name: NativeBackendName): string {
  return `npm install ${PACKAGES[name]}@${VERSION}`;
}

/**
 * Folder of a native backend's package, or null if it is not installed.
 * @param from a folder; the package is looked for in `node_modules` there and above, and in NODE_PATH
 */
export function nativePackageFolder(name: NativeBackendName, from: string = import.meta.dirname): string | null {
  const bases = createRequire(path.join(from, "package.json")).resolve.paths(PACKAGES[name]) ?? [];
  const folders = bases.map((base) => path.join(base, PACKAGES[name]));
  return folders.find((folder) => existsSync(path.join(folder, "package.json"))) ?? null;
}

/**
 * Functions of `node:util` that tfjs-node 4.22.0 calls. Node.js 23 removed the first; a version of tfjs-node without these
 * calls was never released (pull request 8425 and issue 8609 of tensorflow/tfjs).
 */
const UTIL_FUNCTIONS = {
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
  isArray: Array.isArray,
} as const;

/** Defines what tfjs-node misses in this Node.js; what is there stays as it is. */
export function defineMissingUtilFunctions(functions: object = util): void {
  for (const [name, own] of Object.entries(UTIL_FUNCTIONS)) {
    if (!(name in functions))
      Object.defineProperty(functions, name, { value: own, writable: true, configurable: true });
  }
}

/** tfjs-node throws an error without a code if its addon is not there, as after an installation without scripts. */
function lacksAddon(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | null)?.code === undefined && messageOf(cause).includes("native addon");
}

/**
 * Loads a native backend's package.
 * @param from where it is looked for, as in {@link nativePackageFolder}
 * @returns what the package exports: the tfjs namespace with its own backend registered as `tensorflow`
 * @throws NAS_TRAINING_BACKEND if it is not installed, lacks its native library, or does not load
 */
export function loadNativePackage(name: NativeBackendName, from?: string): unknown {
  const packageName = PACKAGES[name];
  const instead = "or choose another --backend";
  const folder = nativePackageFolder(name, from);
  if (folder === null) {
    throw new HarnessError("NAS_TRAINING_BACKEND", {
      what: `the package ${packageName} is not installed`,
      next: `${installCommand(name)}, ${instead}`,
    });
  }
  defineMissingUtilFunctions();
  try {
    return createRequire(path.join(folder, "package.json"))(folder);
  } catch (cause) {
    if (lacksAddon(cause)) {
      throw new HarnessError("NAS_TRAINING_BACKEND", {
        what: `${packageName} is installed without its native library, as by npm install --ignore-scripts`,
        where: folder,
        next: `let its install script download the library: npm rebuild ${packageName}; ${instead}`,
        cause,
      });
    }
    throw new HarnessError("NAS_TRAINING_BACKEND", {
      what: `${packageName} does not load: ${messageOf(cause).split("\n")[0]}`,
      where: folder,
      next: `reinstall it (${installCommand(name)}), ${instead}`,
      cause,
    });
  }
}
