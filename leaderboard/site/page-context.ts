import type { Leaderboard } from "../generator/leaderboard.ts";
import type { SiteArchitecture } from "./architecture-index.ts";
import type { SiteAssets } from "./asset-files.ts";
import type { OpenTables } from "./open-tables.ts";
import type { Site } from "./site-model.ts";

/** What every page may be made from. */
export interface PageContext {
  readonly site: Site;
  readonly board: Leaderboard;
  readonly architectures: readonly SiteArchitecture[];
  readonly assets: SiteAssets;
  readonly tables: OpenTables;
}
