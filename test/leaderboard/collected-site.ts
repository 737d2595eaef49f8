import type { LeaderboardSources } from "../../leaderboard/generator/collect.ts";
import { readPublished } from "../../leaderboard/generator/published-rows.ts";
import { renderOverview } from "../../leaderboard/site/build-site.ts";
import { type CollectedSite, collectSite } from "../../leaderboard/site/collect-site.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Collects a site with the published table and nothing else but what is given. */
export function collectedSite(
  sources: Partial<LeaderboardSources> = {},
  cache = temporaryFolder(),
  onRow?: (done: number, total: number) => void,
): CollectedSite {
  return collectSite(
    {
      published: readPublished(),
      results: [],
      submitted: null,
      tables: [],
      extraColumns: [],
      costs: [],
      logs: [],
      ...sources,
    },
    cache,
    onRow,
  );
}

/** The overview of what {@link collectedSite} collects. */
export function overviewOf(sources: Partial<LeaderboardSources> = {}): string {
  return renderOverview(collectedSite(sources));
}
