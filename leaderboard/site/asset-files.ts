import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";

/** A file that pages share. */
export interface AssetFile {
  /** File name with the beginning of the content's hash, so that a cache never gives an old one. */
  readonly name: string;
  readonly text: string;
}

/** What every page loads. */
export interface SiteAssets {
  readonly style: AssetFile;
  readonly script: AssetFile;
}

const FOLDER = path.join(import.meta.dirname, "assets");

/** The style sheets that make up the one that pages load, in this order. */
const STYLES = ["style.css", "pages.css"] as const;

/** The script's modules; each imports only from those before it. */
const MODULES = [
  "theme",
  "table-view",
  "text-formats",
  "comparison",
  "view-formats",
  "sorting",
  "filters",
  "column-choice",
  "copying",
  "url-state",
  "main",
] as const;

function assetFile(stem: string, extension: string, text: string): AssetFile {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { name: `${stem}.${hash}.${extension}`, text };
}

/**
 * The modules as one classic script: a browser loads no module from a file system. Their top-level names are all different,
 * and only lines at a module's top import or export.
 */
function classicScript(): string {
  const parts = MODULES.map((name) => {
    const source = readFileSync(path.join(FOLDER, "page", `${name}.js`), "utf8");
    return source.replace(/^import [^;]*;\n/gm, "").replace(/^export /gm, "");
  });
  return `"use strict";\n(() => {\n${parts.map((part) => part.trim()).join("\n")}\n})();\n`;
}

/** Reads the style sheet and the script. @throws the system's error if the package lacks one */
export function readAssets(): SiteAssets {
  return {
    style: assetFile("style", "css", STYLES.map((name) => readFileSync(path.join(FOLDER, name), "utf8")).join("\n")),
    script: assetFile("page", "js", classicScript()),
  };
}
