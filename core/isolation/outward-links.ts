import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { isInstalled } from "./package-closure.ts";

function targetOf(link: string): string | null {
  try {
    return realpathSync(link);
  } catch {
    // It leads nowhere.
    return null;
  }
}

/** Links below a folder, relative to it. Node's own recursive reading would follow them: out of the folder, and in circles. */
function linksBelow(folder: string, below = ""): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(below, entry.name);
    if (entry.isSymbolicLink()) return [place];
    return entry.isDirectory() ? linksBelow(folder, place) : [];
  });
}

/** Links below a folder that lead out of it, but not to an installed package; paths relative to the folder. */
function outwardLinks(folder: string): string[] {
  const root = realpathSync(folder);
  return linksBelow(folder)
    .filter((link) => {
      const target = targetOf(path.join(folder, link));
      if (target === null || target === root || target.startsWith(root + path.sep)) return false;
      return !(link.split(path.sep).includes("node_modules") && isInstalled(target));
    })
    .sort();
}

/**
 * Demands that a plugin's folder holds all that it shows: a link out of it would be read in the plugin's name, and what it
 * leads to is no part of the plugin's hash.
 * @throws NAS_ISOLATION naming the links
 */
export function checkNoOutwardLinks(folder: string): void {
  const links = outwardLinks(folder);
  if (links.length === 0) return;
  throw new HarnessError("NAS_ISOLATION", {
    what: `the plugin's folder holds ${links.length === 1 ? "a link that leads" : "links that lead"} out of it`,
    where: [folder, ...links.map((link) => `- ${link}`)].join("\n"),
    allowed: "files, folders, and links within the folder",
    next: "copy what the plugin needs into its folder",
  });
}
