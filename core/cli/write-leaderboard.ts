import { existsSync } from "node:fs";
import path from "node:path";
import type { Leaderboard } from "../../leaderboard/generator/leaderboard.ts";
import { RERUN_COMMANDS } from "../../leaderboard/generator/notes.ts";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";
import { textTable } from "../../leaderboard/generator/text-table.ts";
import { type BuiltSite, buildSite, CACHE_FOLDER } from "../../leaderboard/site/build-site.ts";
import { type CollectedSite, collectSite } from "../../leaderboard/site/collect-site.ts";
import { findCostTables } from "../costs/cost-location.ts";
import { HookTable } from "../plugins/hooks.ts";
import { applyExtensions } from "../plugins/plugin-module.ts";
import { findTables } from "../tables/table-location.ts";
import { withProgress } from "./progress.ts";
import { columns, print, printJson, remark } from "./terminal.ts";

/** What the command line gives to `leaderboard`. */
export interface LeaderboardFlags {
  results?: string[];
  submissions: string;
  verifications: string;
  remote: string;
  output: string;
  table?: string;
  log?: string[];
  extension: string[];
  json?: true;
}

const DEFAULT_RESULTS = "results";

function printTables(board: Leaderboard): void {
  for (const section of board.sections) {
    const { head, rows } = textTable(section, { intervals: false, details: false, extraColumns: board.extraColumns });
    print(`${section.heading}\n${columns([head, ...rows])}\n`);
  }
}

/**
 * Collects published rows, re-runs and what tables give, writes the whole site, and remarks on what is missing in it.
 * @throws as {@link writeLeaderboard}
 */
export async function buildLeaderboard(flags: LeaderboardFlags): Promise<BuiltSite & { collected: CollectedSite }> {
  const hooks = new HookTable();
  await applyExtensions(flags.extension, hooks);
  const sources = {
    published: readPublished(),
    results: flags.results ?? (existsSync(DEFAULT_RESULTS) ? [DEFAULT_RESULTS] : []),
    submitted: { submissions: flags.submissions, verifications: flags.verifications, remote: flags.remote },
    tables: flags.table === undefined ? findTables() : [flags.table],
    costs: findCostTables(),
    logs: flags.log ?? [],
    extraColumns: hooks.extraColumns(),
  };
  const cacheFolder = path.join(flags.output, CACHE_FOLDER);
  const collected = withProgress("leaderboard", "rows", (onRow) => collectSite(sources, cacheFolder, onRow));
  const built = withProgress("leaderboard", "pages", (onPage) => buildSite(flags.output, collected, onPage));
  const { board, unfinished, remarks } = collected;
  for (const text of remarks) remark(`note: ${text}`);
  for (const { folder } of unfinished) {
    remark(`note: ${folder} has no summary yet and is left out; run its method again with --resume`);
  }
  if (!board.sections.some(({ kind }) => kind === "re-run")) {
    remark(`note: no re-runs were found, these are the published rows; to make some: ${RERUN_COMMANDS[0]}`);
  }
  return { ...built, collected };
}

/**
 * The command `leaderboard`: writes the site and prints the path of its overview on the last line.
 * @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA, NAS_TABLE_NOT_FOUND, NAS_TABLE_CORRUPT, NAS_HOOK, NAS_PLUGIN_ENTRY, NAS_WRITE_FAILED
 */
export async function writeLeaderboard(flags: LeaderboardFlags): Promise<void> {
  const { files, pages, collected } = await buildLeaderboard(flags);
  const { board } = collected;
  const page = files.at(-1) as string;
  if (flags.json) {
    printJson({ page, files, pages, leaderboard: board });
    return;
  }
  printTables(board);
  print(page);
}
