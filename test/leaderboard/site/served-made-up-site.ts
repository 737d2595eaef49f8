import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { type ServedSite, serveSite } from "../../../leaderboard/site/serve-site.ts";
import { sharedBrowser } from "../../helpers/chromium.ts";
import { sharedTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { writeMadeUpSite } from "./made-up-site.ts";

/** The made-up site on disk and on a server while the tests of a block run, and a browser to look at it. */
export function servedMadeUpSite(): {
  readonly open: ReturnType<typeof sharedBrowser>;
  /** Address of the overview on disk. */
  readonly file: string;
  /** Address of the server; not before the tests run. */
  readonly address: () => string;
} {
  const folder = sharedTemporaryFolder();
  let served: ServedSite;
  beforeAll(async () => {
    writeMadeUpSite(folder);
    served = await serveSite(folder, 0);
  });
  afterAll(() => served.close());
  return {
    open: sharedBrowser(),
    file: pathToFileURL(path.join(folder, "index.html")).href,
    address: () => served.address,
  };
}
