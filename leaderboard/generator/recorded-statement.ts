import { spawnSync } from "node:child_process";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { VerificationStatement } from "../../schemas/generated/verification-statement.ts";

/** The remote of a clone from which it was made. */
export const DEFAULT_REMOTE = "origin";
/** Branch to which continuous integration commits statements. */
const BRANCH = "main";

/** Forms of a repository's address: with https, with ssh, and git's own short one of ssh. */
const ADDRESSES = [
  /^https:\/\/(?:[^@/]+@)?([^@/]+)\/(.+?)(?:\.git)?\/*$/,
  /^ssh:\/\/(?:[^@/]+@)?([^:@/]+)(?::\d+)?\/(.+?)(?:\.git)?\/*$/,
  /^(?:[^:@/]+@)?([^:@/]+):(?!\/)(.+?)(?:\.git)?\/*$/,
];

/** The https address of a repository's pages by that of its remote, or null if it has none, as a folder has not. */
export function webAddress(remoteUrl: string): string | null {
  for (const form of ADDRESSES) {
    const [, host, place] = form.exec(remoteUrl) ?? [];
    if (host !== undefined && place !== undefined) return `https://${host}/${place}`;
  }
  return null;
}

/** Whether an address is that of a run of a repository's continuous integration. Case does not matter to forges. */
function isRunOf(repository: string, url: string): boolean {
  const runs = `${repository}/actions/runs/`.toLowerCase();
  return url.toLowerCase().startsWith(runs) && /^\d+$/.test(url.slice(runs.length));
}

/** What git prints in a folder, or null if it fails, as it does outside of a clone. */
function git(folder: string, ...words: string[]): string | null {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...words], { encoding: "utf8" });
  return status === 0 ? stdout : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Whether continuous integration recorded a statement: it names a run of the repository that the clone's remote leads to,
 * and that repository's main, as it was last fetched, has this statement at this place. A statement that somebody wrote or
 * changed in a clone is not there, and neither is one outside of a clone.
 * @param file where the statement lies
 * @param remote name of the remote
 */
export function isRecorded(file: string, { predicate, ...rest }: VerificationStatement, remote: string): boolean {
  if (predicate.url === undefined) return false;
  const folder = path.dirname(file);
  const repository = webAddress(git(folder, "remote", "get-url", "--", remote)?.trim() ?? "");
  if (repository === null || !isRunOf(repository, predicate.url)) return false;
  const text = git(folder, "cat-file", "blob", `refs/remotes/${remote}/${BRANCH}:./${path.basename(file)}`);
  return text !== null && isDeepStrictEqual(parsed(text), { ...rest, predicate });
}
