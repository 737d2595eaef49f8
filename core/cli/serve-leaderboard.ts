import { serveSite } from "../../leaderboard/site/serve-site.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { print, printJson, remark } from "./terminal.ts";
import { buildLeaderboard, type LeaderboardFlags } from "./write-leaderboard.ts";

/** What the command line gives to `leaderboard serve`. */
export interface ServeFlags extends LeaderboardFlags {
  port: string;
}

/** A port number, 0 for any. @throws NAS_USAGE */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new HarnessError("NAS_USAGE", {
    what: `"${text}" is no port`,
    where: "--port",
    allowed: "an integer from 0 to 65535; 0 takes any free port",
    next: "correct the flag",
  });
}

/**
 * The command `leaderboard serve`: writes the site, serves it on this machine until Ctrl-C, and prints its address. Returns the exit code.
 * @throws NAS_USAGE if the port can't be had, and as writeLeaderboard does
 */
export async function serveLeaderboard(flags: ServeFlags): Promise<number> {
  const port = parsePort(flags.port);
  await buildLeaderboard(flags);
  const { signal, restore } = interruptible();
  try {
    const { address, close } = await serveSite(flags.output, port);
    if (flags.json) printJson({ address });
    else print(address);
    remark("Ctrl-C ends the server");
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    await close();
    return INTERRUPTED;
  } finally {
    restore();
  }
}
