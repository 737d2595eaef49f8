import { quoted } from "./lock-fault.ts";
import { DEPENDENCY_FIELDS, dependenciesOf, dependencyFaults, type Fields, isFields } from "./npm-dependencies.ts";
import { entryFaults, isInstalledEntry } from "./npm-lock-entry.ts";

/** A package-lock.json and the package.json beside it, in which no fault was found. */
export interface NpmLock {
  readonly manifest: Fields;
  /** Packages to install by their place such as `node_modules/a/node_modules/b`. */
  readonly packages: ReadonlyMap<string, Fields>;
}

/** Whether a package finds another one as Node looks for it: inside of itself, then beside itself and further up. */
function finds(packages: NpmLock["packages"], place: string, name: string): boolean {
  for (let from = place; from !== ""; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    if (packages.has(`${from}/node_modules/${name}`)) return true;
  }
  return packages.has(`node_modules/${name}`);
}

/** Dependencies that the lock lacks: npm would ask the registry for them. */
function lackingFaults(packages: NpmLock["packages"], place: string, entry: Fields): string[] {
  return Object.keys(dependenciesOf(entry, "dependencies"))
    .filter((name) => !finds(packages, place, name))
    .map((name) => `its dependency ${name} is not in the lock file`);
}

/** Where the lock's own record of package.json says something else. */
function differenceFaults(root: Fields, manifest: Fields): string[] {
  const same = (a: unknown, b: unknown) => (a ?? null) === (b ?? null);
  const faults = ["name", "version"]
    .filter((field) => !same(root[field], manifest[field]))
    .map((field) => `package.json: its ${field} is ${quoted(manifest[field])}, the lock file's ${quoted(root[field])}`);
  for (const field of DEPENDENCY_FIELDS) {
    const [locked, wanted] = [dependenciesOf(root, field), dependenciesOf(manifest, field)];
    for (const name of new Set([...Object.keys(locked), ...Object.keys(wanted)])) {
      const [inLock, inManifest] = [locked, wanted].map((all) => (Object.hasOwn(all, name) ? all[name] : undefined));
      if (inLock === inManifest) continue;
      const says = (range: string | undefined) => (range === undefined ? "none" : quoted(range));
      faults.push(`package.json: ${field}.${name} is ${says(inManifest)}, in the lock file ${says(inLock)}`);
    }
  }
  return faults;
}

/** Faults of package.json, as far as it decides what is installed. */
function manifestFaults(manifest: unknown): string[] {
  if (!isFields(manifest)) return [`package.json: ${quoted(manifest)} is no object`];
  const overrides = "package.json: overrides are not taken; name the version that is wanted as a dependency";
  return [...(manifest.overrides === undefined ? [] : [overrides]), ...dependencyFaults(manifest, "package.json")];
}

/** Faults of an entry by itself. */
function faultsOfEntry(place: string, entry: unknown): string[] {
  const where = `packages[${quoted(place)}]`;
  const own = place === "" ? [] : entryFaults(place, entry).map((fault) => `${where}: ${fault}`);
  return isFields(entry) ? own.concat(dependencyFaults(entry, where)) : own;
}

/**
 * Reads a parsed package-lock.json and the package.json beside it. Packages for development only, and the harness itself,
 * are passed over: they are not installed.
 * @returns all faults, or the lock where there are none
 */
export function readNpmLock(document: unknown, manifest: unknown): NpmLock | string[] {
  if (!isFields(document)) return [`${quoted(document)} is no object`];
  const { lockfileVersion, packages } = document;
  if (lockfileVersion !== 2 && lockfileVersion !== 3) {
    return [`lockfileVersion: ${quoted(lockfileVersion)} is not allowed; it must be 2 or 3`];
  }
  if (!isFields(packages)) return [`packages: ${quoted(packages)} is no object`];
  const { "": root } = packages;
  const installed = Object.entries(packages).filter(([place, entry]) => isInstalledEntry(place, entry));
  const faults = [
    manifestFaults(manifest),
    isFields(root) ? [] : ['packages[""]: the entry of the plugin itself is missing'],
    faultsOfEntry("", root),
    installed.flatMap(([place, entry]) => faultsOfEntry(place, entry)),
  ].flat();
  // What follows compares dependencies, and may trust that these are some.
  if (faults.length > 0 || !isFields(root) || !isFields(manifest)) return faults;
  const found = new Map(installed as [string, Fields][]);
  const lacking = [["", manifest] as const, ...found].flatMap(([place, entry]) => {
    const where = place === "" ? "package.json" : `packages[${quoted(place)}]`;
    return lackingFaults(found, place, entry).map((fault) => `${where}: ${fault}`);
  });
  const late = differenceFaults(root, manifest).concat(lacking);
  return late.length > 0 ? late : { manifest, packages: found };
}
