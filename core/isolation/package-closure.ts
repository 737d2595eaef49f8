import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { parseJson, readTextFile } from "../files/json-file.ts";

type Names = Readonly<Record<string, string>>;

interface PackageFile {
  readonly dependencies?: Names;
  readonly optionalDependencies?: Names;
  readonly peerDependencies?: Names;
}

/** What npm takes as a name. Anything else, such as one with "..", would be a way to any folder. */
const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
/** The harness shows a plugin its own parts itself. */
const HARNESS_NAME = "nas-harness";

function dependenciesOf(folder: string): string[] {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return [];
  const document = parseJson(readTextFile(file), file) as PackageFile | null;
  const { dependencies, optionalDependencies, peerDependencies } = document ?? {};
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).filter(
    (name) => PACKAGE_NAME.test(name) && name !== HARNESS_NAME,
  );
}

/** Where a package is found from a folder, as Node looks for it; null if nowhere. */
function resolvePackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(path.join(candidate, "package.json"))) return candidate;
    if (path.dirname(folder) === folder) return null;
  }
}

/** True for a folder that a package manager made: a link from node_modules to elsewhere is none. */
export function isInstalled(realPath: string): boolean {
  return realPath.split(path.sep).includes("node_modules");
}

/**
 * The folders of all packages that a package needs at run time, and of those that these need: what its process must be able
 * to read besides its own folder, with the targets of links. A package that is not installed, or only linked to from
 * node_modules, is left out; its import fails.
 * @throws NAS_JSON for a package.json that does not parse
 */
export function packageClosure(folder: string): string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const name of dependenciesOf(from)) {
      const resolved = resolvePackage(name, from);
      if (resolved === null || found.has(resolved)) continue;
      const target = realpathSync(resolved);
      if (!isInstalled(target)) continue;
      found.add(resolved);
      found.add(target);
      visit(target);
    }
  };
  visit(folder);
  return [...found].sort();
}
