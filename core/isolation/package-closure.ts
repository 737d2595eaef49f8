import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
}

function dependenciesOf(folder: string): string[] {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) return [];
  return Object.keys((JSON.parse(readFileSync(file, "utf8")) as PackageFile).dependencies ?? {});
}

/** Where a package is found from a folder, as Node looks for it; null if nowhere. */
function resolvePackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(path.join(candidate, "package.json"))) return candidate;
    if (path.dirname(folder) === folder) return null;
  }
}

/**
 * The folders of all packages that a package needs at run time, and of those that these need: what its process must be able
 * to read besides its own folder. A package that is not installed is left out; its import fails as it would anywhere.
 */
export function packageClosure(folder: string): string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const name of dependenciesOf(from)) {
      const resolved = resolvePackage(name, from);
      if (resolved === null || found.has(resolved)) continue;
      found.add(resolved);
      visit(realpathSync(resolved));
    }
  };
  visit(folder);
  return [...found].sort();
}
