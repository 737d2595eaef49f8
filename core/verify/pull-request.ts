import { spawnSync } from "node:child_process";
import path from "node:path";
import { HarnessError } from "../errors/harness-error.ts";
import { makeFolder, writeFileAtomic } from "../files/atomic-file.ts";
import { MOST_ENTRIES, MOST_SUBMITTED_BYTES } from "./submitted-files.ts";

/** What two commits differ in, where a submission is concerned. */
export interface PullRequest {
  /** Full hash of the commit that the submission is based on: the last one that both sides have. */
  readonly base: string;
  /** Full hash of the commit that holds the submission. */
  readonly head: string;
  /** Paths of all files that were added, changed or removed, with slashes, relative to the repository. */
  readonly touched: readonly string[];
  /** The submissions' folders among them, relative to the repository. */
  readonly folders: readonly string[];
}

const MOST_OUTPUT = 256 * 1024 * 1024;
/** Everything that differs, whatever the clone's settings and its .gitmodules leave out. */
const DIFF_OPTIONS = ["--name-only", "--no-renames", "--no-relative", "--ignore-submodules=none", "-z"];

/** @param meaning what it means if git says nothing but that it failed */
function git(repository: string, args: readonly string[], meaning?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync("git", ["-C", repository, ...args], { maxBuffer: MOST_OUTPUT });
  if (status === 0) return stdout;
  const said = (stderr?.toString("utf8") || error?.message || "").trim().split("\n")[0];
  throw new HarnessError("NAS_USAGE", {
    what: said === "" && meaning !== undefined ? meaning : `git ${args[0]} failed: ${said || `exit code ${status}`}`,
    where: repository,
    next: "run this inside of a clone that has both commits (git fetch), and name them as <base>..<head>",
  });
}

const lines = (output: Buffer) =>
  output
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "");

/** The full hash of a commit. @throws NAS_USAGE if there is none */
export function commitOf(repository: string, name: string): string {
  // Behind --end-of-options nothing that a name holds is taken for an option.
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
  return git(repository, args, `there is no commit "${name}"`).toString("utf8").trim();
}

/** The commit that is checked out, or null outside of a repository or before its first commit. */
export function currentCommit(folder: string): string | null {
  const { status, stdout } = spawnSync("git", ["-C", folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  return status === 0 ? stdout.toString("utf8").trim() : null;
}

/**
 * Reads what a pull request touches.
 * @param range `<base>..<head>`, commits or branches
 * @param root the folder of submissions, relative to the repository
 * @throws NAS_USAGE
 */
export function readPullRequest(repository: string, range: string, root: string): PullRequest {
  const [from, to, ...rest] = range.split("..");
  // Three dots mean something else to git.
  if (from === undefined || to === undefined || from === "" || /^($|\.)/.test(to) || rest.length > 0) {
    throw new HarnessError("NAS_USAGE", {
      what: `"${range}" is no range of commits`,
      allowed: "<base>..<head>, for example main..HEAD",
      next: "name two commits, or the folder of a submission",
    });
  }
  const [target, head] = [commitOf(repository, from), commitOf(repository, to)];
  const base = git(repository, ["merge-base", target, head], "the two commits have none in common").toString().trim();
  const touched = lines(git(repository, ["diff", ...DIFF_OPTIONS, base, head]));
  const prefix = `${root.replaceAll(path.sep, "/").replace(/^\.\//, "").replace(/\/+$/, "")}/`;
  const folders = touched
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length).split("/"))
    .filter((parts) => parts.length > 2)
    .map(([name, version]) => `${prefix}${name}/${version}`);
  return { base, head, touched, folders: [...new Set(folders)] };
}

/** What a pull request touches besides one submission's folder. */
export function touchedFaults({ touched, folders }: PullRequest, folder: string): string[] {
  const outside = touched
    .filter((file) => !file.startsWith(`${folder}/`))
    .map((file) => `${file} is outside of ${folder}`);
  return folders.length > 1 ? [`${folders.length} submissions are touched; one a pull request`, ...outside] : outside;
}

/** Something in a folder of a commit. */
interface CommitEntry {
  readonly place: string;
  readonly kind: "file" | "link" | "commit";
  readonly object: string;
  readonly bytes: number;
}

function entriesOf(repository: string, head: string, folder: string): CommitEntry[] {
  const args = ["ls-tree", "-r", "-l", "-z", "--full-tree", head, "--", `${folder}/`];
  return lines(git(repository, args)).map((line) => {
    const [mode, type, object = "", size] = line.slice(0, line.indexOf("\t")).split(/\s+/);
    const kind = type !== "blob" ? "commit" : mode === "120000" ? "link" : "file";
    return { place: line.slice(line.indexOf("\t") + 1), kind, object, bytes: Number(size) || 0 };
  });
}

/** Faults of a folder's entries in a commit: links and submodules are no files. Nothing is taken out of the commit. */
export function commitEntryFaults(repository: string, head: string, folder: string): string[] {
  return entriesOf(repository, head, folder)
    .filter(({ kind }) => kind !== "file")
    .map(({ place, kind }) => `${place} is a ${kind}, no file`);
}

/**
 * Takes a folder's plain files out of a commit. Nothing of the commit is checked out or executed, and no filter that its
 * attributes name runs.
 * @param to receives the files below the same relative paths
 * @throws NAS_SUBMISSION if there are none, or more than a submission may have; NAS_USAGE, NAS_WRITE_FAILED
 */
export function takeOut(repository: string, head: string, folder: string, to: string): void {
  const files = entriesOf(repository, head, folder).filter(({ kind }) => kind === "file");
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (files.length === 0 || files.length > MOST_ENTRIES || bytes > MOST_SUBMITTED_BYTES) {
    throw new HarnessError("NAS_SUBMISSION", {
      what: files.length === 0 ? "no file is left of the submission" : `${files.length} files with ${bytes} bytes`,
      where: `${folder} in ${head}`,
      allowed: `1 to ${MOST_ENTRIES} files with ${MOST_SUBMITTED_BYTES} bytes at most`,
      next: "hand in the folder as nas-harness submit writes it; to take a submission back, ask a maintainer",
    });
  }
  for (const { place, object } of files) {
    const file = path.resolve(to, place);
    if (!file.startsWith(`${path.resolve(to)}${path.sep}`)) continue;
    makeFolder(path.dirname(file));
    writeFileAtomic(file, git(repository, ["cat-file", "blob", object]));
  }
}
