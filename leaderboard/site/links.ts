import { createHash } from "node:crypto";
import { anchorOf } from "../generator/sections.ts";

/** Longest name of a page; the rest of a longer one is a hash, since file systems take 255 bytes at most. */
const LONGEST_NAME = 100;

/** A name for a page, fit for a file name: lower-case letters, digits, dots and hyphens. */
export function pageName(words: readonly string[]): string {
  const name = anchorOf(words);
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash("sha256").update(name).digest("hex");
  return `${name.slice(0, LONGEST_NAME - 13)}-${hash.slice(0, 12)}`;
}

/** The way from a page to the site's root: nothing for the overview, one folder up for all others. */
export type Root = "" | "../";

/** Name of the overview. */
export const OVERVIEW_NAME = "index.html";

/** Place of a benchmark's page below the site's root. */
export const benchmarkPath = (id: string) => `benchmarks/${id}.html`;

/** Place of a method's page below the site's root. */
export const methodPath = (id: string) => `methods/${id}.html`;

/** Place of an architecture's page below the site's root. */
export const architecturePath = (index: number) => `architectures/${index}.html`;

/** Place of a table's page below the site's root. */
export const tablePath = (id: string) => `tables/${id}.html`;

/** Anchor of a run on its method's page. */
export const runAnchor = (runIndex: number) => `run-${runIndex}`;
