import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { renderOutputs } from "../generator/outputs.ts";
import { siteArchitectures } from "./architecture-index.ts";
import { readAssets, type SiteAssets } from "./asset-files.ts";
import { renderBibtex } from "./bibtex.ts";
import type { CollectedSite } from "./collect-site.ts";
import { OVERVIEW_NAME } from "./links.ts";
import { OpenTables } from "./open-tables.ts";
import type { PageContext } from "./page-context.ts";
import { holds, markedPage, removeStale, StagedFiles } from "./page-files.ts";
import { PageKeys } from "./page-keys.ts";
import { overviewPage } from "./pages/overview-page.ts";
import { sitePages } from "./site-pages.ts";

/** Name of the folder inside the output that keeps facts between builds. */
export const CACHE_FOLDER = ".cache";

const FOLDERS = ["assets", "benchmarks", "methods", "architectures", "tables"];

/** What a build did. */
export interface BuiltSite {
  /** Paths of the overview and of the tables in other formats, the overview last. */
  readonly files: readonly string[];
  /** Numbers of pages, the overview included: of the whole site, and those that were written. */
  readonly pages: number;
  readonly written: number;
}

/** Hash of the code that makes pages: when it changes, every page is made anew. */
function codeHash(): string {
  const hash = createHash("sha256");
  const root = path.join(import.meta.dirname, "..");
  for (const folder of ["generator", "site"]) {
    const names = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.filter((one) => /\.(js|ts)$/.test(one)).sort()) {
      hash.update(`${name}\n`).update(readFileSync(path.join(root, folder, name)));
    }
  }
  return hash.digest("hex");
}

/**
 * Every page of a site, to be rendered one by one: the overview first.
 * @param tables what was read of the site's tables already
 */
export function* renderPages(
  collected: CollectedSite,
  tables = new OpenTables(),
): Generator<{ place: string; render: () => string }> {
  const context = { ...contextOf(collected, readAssets()), tables };
  yield { place: OVERVIEW_NAME, render: () => overviewPage(context) };
  yield* sitePages(context, "");
}

/** The overview of a site, as {@link buildSite} writes it. */
export function renderOverview(collected: CollectedSite): string {
  const page = overviewPage(contextOf(collected, readAssets()));
  return markedPage(page, createHash("sha256").update(page).digest("hex"));
}

function contextOf({ site, board }: CollectedSite, assets: SiteAssets): PageContext {
  return { site, board, assets, architectures: siteArchitectures(site), tables: new OpenTables() };
}

/** The tables in every format and the overview, by place; the overview last. */
function frontFiles(collected: CollectedSite, context: PageContext): Map<string, string> {
  const page = overviewPage(context);
  return new Map([
    ...renderOutputs(collected.board),
    ["leaderboard.bib", renderBibtex(collected.site)],
    [OVERVIEW_NAME, markedPage(page, createHash("sha256").update(page).digest("hex"))],
  ]);
}

/**
 * Writes a site into a folder: pages that are there already, made from the same, are left as they are; pages of earlier builds
 * that no longer belong to it are deleted. All files are put to their places when the last one was made, or none is. The same
 * inputs give the same bytes.
 * @param onPage tells how many pages of how many are done
 * @throws NAS_WRITE_FAILED, NAS_TABLE_CORRUPT, NAS_RECORD_CORRUPT, NAS_JSON, NAS_SCHEMA naming a broken file
 */
export function buildSite(
  output: string,
  collected: CollectedSite,
  onPage: (done: number, total: number) => void = () => {},
): BuiltSite {
  const assets = readAssets();
  const context = contextOf(collected, assets);
  const base = createHash("sha256").update(`${codeHash()} ${assets.style.name} ${assets.script.name}`).digest("hex");
  const { site } = collected;
  const methods = site.benchmarks.reduce((sum, { results }) => sum + results.length, 0);
  const pages = 1 + site.tables.length + site.benchmarks.length + methods + context.architectures.length;
  const keys = new PageKeys(output, FOLDERS, path.join(output, CACHE_FOLDER, "pages.json"));
  const made = new Map<string, string>();
  const kept = new Set<string>();
  const staged = new StagedFiles();
  let done = 0;
  let isOverviewWritten = false;
  const stage = (place: string, content: string) => staged.add(path.join(output, place), content);
  try {
    for (const { name, text } of [assets.style, assets.script]) {
      kept.add(`assets/${name}`);
      if (!holds(path.join(output, "assets", name), text)) stage(`assets/${name}`, text);
    }
    for (const { place, key, render } of sitePages(context, base)) {
      kept.add(place);
      if (!keys.has(place, key)) {
        stage(place, markedPage(render(), key));
        made.set(place, key);
      }
      onPage(++done, pages);
    }
    const front = frontFiles(collected, context);
    for (const [place, content] of front) {
      if (holds(path.join(output, place), content)) continue;
      stage(place, content);
      if (place === OVERVIEW_NAME) isOverviewWritten = true;
    }
    staged.commit();
    onPage(pages, pages);
    removeStale(output, FOLDERS, kept);
    keys.save(made);
    const written = made.size + (isOverviewWritten ? 1 : 0);
    return { files: [...front.keys()].map((place) => path.join(output, place)), pages, written };
  } finally {
    staged.discard();
  }
}
