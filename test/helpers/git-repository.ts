import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Settings that no machine's own git settings may change. */
const SETTINGS = ["-c", "user.name=A. Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"];
const ENVIRONMENT = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

/** A git repository for tests. */
export class GitRepository {
  readonly folder: string;

  /** Makes an empty one, on the branch main. */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.git("init", "--quiet", "--initial-branch=main");
  }

  /** Runs git in it; returns what it printed. */
  git(...words: string[]): string {
    const env = { ...process.env, ...ENVIRONMENT };
    // Its hints are for people.
    const stdio = ["ignore", "pipe", "pipe"] as const;
    return execFileSync("git", [...SETTINGS, ...words], {
      cwd: this.folder,
      env,
      encoding: "utf8",
      stdio: [...stdio],
    }).trim();
  }

  /** Writes files (null: removes one) and commits everything; returns the commit's hash. */
  commit(files: Readonly<Record<string, string | null>> = {}): string {
    for (const [place, text] of Object.entries(files)) {
      const file = path.join(this.folder, place);
      mkdirSync(path.dirname(file), { recursive: true });
      if (text === null) rmSync(file);
      else writeFileSync(file, text);
    }
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "A commit");
    return this.git("rev-parse", "HEAD");
  }
}
