import { readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { walkFolder } from "../files/folder-walk.ts";
import { isInstalled } from "./package-closure.ts";

/** Where a link leads in the end; null if nowhere. */
function targetOf(link: string): string | null {
  try {
    return realpathSync(link);
  } catch {
    return null;
  }
}

/** Links below a folder that lead out of it, but not to an installed package; paths relative to the folder. */
function outwardLinks(folder: string): string[] {
  const root = realpathSync(folder);
  const isInside = (target: string) => target === root || target.startsWith(root + path.sep);
  return walkFolder(root)
    .filter(({ kind }) => kind === "link")
    .map(({ place }) => place)
    .filter((link) => {
      const file = path.join(root, link);
      const target = targetOf(file);
      // A link that leads nowhere today may lead somewhere tomorrow, and one by way of outside is decided there.
      const isOwn =
        target !== null && isInside(target) && isInside(path.resolve(path.dirname(file), readlinkSync(file)));
      const isPackage = target !== null && link.split("/").includes("node_modules") && isInstalled(target);
      return !isOwn && !isPackage;
    });
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
