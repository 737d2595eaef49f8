import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  commitEntryFaults,
  commitOf,
  currentCommit,
  readPullRequest,
  takeOut,
  touchedFaults,
} from "../../core/verify/pull-request.ts";
import { GitRepository } from "../helpers/git-repository.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const ROOT = "leaderboard/submissions";
const CLIMBER = `${ROOT}/climber/1.0.0`;

let repository: GitRepository;
let base: string;

beforeEach(() => {
  repository = new GitRepository(path.join(temporaryFolder(), "clone"));
  base = repository.commit({ "README.md": "a benchmark", [`${ROOT}/README.md`]: "what is handed in" });
  repository.git("checkout", "--quiet", "-b", "topic");
});

const read = (range = "main..topic") => readPullRequest(repository.folder, range, ROOT);

describe("what a pull request touches", () => {
  test("one submission's folder is found, and nothing outside of it", () => {
    const head = repository.commit({ [`${CLIMBER}/submission.json`]: "{}", [`${CLIMBER}/plugin/index.ts`]: "" });
    const pullRequest = read();
    expect(pullRequest).toEqual({
      ...{ base, head, folders: [CLIMBER] },
      touched: [`${CLIMBER}/plugin/index.ts`, `${CLIMBER}/submission.json`],
    });
    expect(touchedFaults(pullRequest, CLIMBER)).toEqual([]);
  });

  test("what happened on main meanwhile is not the pull request's, and its base is the last common commit", () => {
    repository.commit({ [`${CLIMBER}/submission.json`]: "{}" });
    repository.git("checkout", "--quiet", "main");
    repository.commit({ "README.md": "another text" });
    expect(read()).toMatchObject({ base, touched: [`${CLIMBER}/submission.json`] });
  });

  test("changes outside are faults: added, changed, removed and moved files", () => {
    repository.commit({
      [`${CLIMBER}/submission.json`]: "{}",
      [`${ROOT}/README.md`]: null,
      "moved.md": "a benchmark",
      "README.md": null,
      ".github/workflows/mine.yml": "",
      [`${ROOT}/climber/1.0.0-more/file`]: "",
    });
    const faults = touchedFaults(read(), CLIMBER);
    expect(faults[0]).toBe("2 submissions are touched; one a pull request");
    expect(faults.slice(1)).toEqual(
      [
        ".github/workflows/mine.yml",
        "README.md",
        `${ROOT}/README.md`,
        `${ROOT}/climber/1.0.0-more/file`,
        "moved.md",
      ].map((file) => `${file} is outside of ${CLIMBER}`),
    );
  });

  test("two submissions are a fault, two versions of one method too", () => {
    repository.commit({ [`${CLIMBER}/a`]: "", [`${ROOT}/climber/1.0.1/a`]: "" });
    const pullRequest = read();
    expect(pullRequest.folders).toEqual([CLIMBER, `${ROOT}/climber/1.0.1`]);
    expect(touchedFaults(pullRequest, CLIMBER)).toEqual([
      "2 submissions are touched; one a pull request",
      `${ROOT}/climber/1.0.1/a is outside of ${CLIMBER}`,
    ]);
  });

  test("names with spaces, quotes, line ends and other letters are told as they are", () => {
    const odd = ['a "b"', "ü", "x\ny"];
    repository.commit(Object.fromEntries(odd.map((name) => [`${CLIMBER}/${name}`, ""])));
    expect([...read().touched].sort()).toEqual(odd.map((name) => `${CLIMBER}/${name}`).sort());
  });

  test("neither the clone's settings nor a .gitmodules leave anything out", () => {
    const inside = new GitRepository(path.join(repository.folder, "inside"));
    inside.commit({ file: "" });
    repository.git("config", "diff.ignoreSubmodules", "all");
    repository.git("config", "diff.relative", "true");
    repository.git("config", "diff.renames", "copies");
    writeFileSync(
      path.join(repository.folder, ".gitmodules"),
      '[submodule "inside"]\n\tpath = inside\n\turl = ./inside\n\tignore = all\n',
    );
    repository.git("-c", "advice.addEmbeddedRepo=false", "add", "--force", "inside");
    repository.commit({ [`${CLIMBER}/a`]: "" });
    expect(read().touched).toEqual([".gitmodules", "inside", `${CLIMBER}/a`]);
    expect(readPullRequest(path.join(repository.folder, ROOT), "main..topic", ROOT).touched).toEqual(read().touched);
  });
});

describe("names of commits", () => {
  test.each(["main", "main..", "..topic", "a..b..c", "..", "", "main...topic"])("%j is no range", (range) => {
    const error = harnessErrorOf(() => read(range));
    expect(error.code).toBe("NAS_USAGE");
    expect(error.details.what).toBe(`"${range}" is no range of commits`);
  });

  test("a commit that is not there is named", () => {
    const error = harnessErrorOf(() => read("main..gone"));
    expect(error.code).toBe("NAS_USAGE");
    expect(error.details.what).toBe('there is no commit "gone"');
    expect(error.details.next).toContain("git fetch");
  });

  test("commits without a common one are told", () => {
    repository.git("checkout", "--quiet", "--orphan", "alone");
    repository.commit({ [`${CLIMBER}/a`]: "" });
    expect(harnessErrorOf(() => read("main..alone")).details.what).toBe("the two commits have none in common");
  });

  test("what looks like an option is a name, and nothing happens", () => {
    const written = path.join(temporaryFolder(), "written");
    for (const name of [`--output=${written}`, "--help", "-q", "--all", "--upload-pack=true"]) {
      expect(harnessErrorOf(() => read(`${name}..topic`)).details.what).toBe(`there is no commit "${name}"`);
      expect(harnessErrorOf(() => read(`main..${name}`)).details.what).toBe(`there is no commit "${name}"`);
    }
    expect(existsSync(written)).toBe(false);
  });

  test("a tree or a file is no commit", () => {
    expect(harnessErrorOf(() => commitOf(repository.folder, "main:README.md")).code).toBe("NAS_USAGE");
  });

  test("a folder's commit is the one that is checked out, and none outside of a clone", () => {
    expect(currentCommit(repository.folder)).toBe(base);
    expect(currentCommit(path.join(repository.folder, ROOT))).toBe(base);
    expect(currentCommit(temporaryFolder())).toBeNull();
  });
});

describe("taking a submission out of a commit", () => {
  test("gives the files of the commit, byte for byte, without what is checked out", () => {
    const text = "a\r\nb\u0000\n";
    const head = repository.commit({
      [`${CLIMBER}/plugin/a.txt`]: text,
      ".gitattributes": "* text=auto eol=lf ident\n",
    });
    repository.git("checkout", "--quiet", "main");
    const stored = repository.git("show", `${head}:${CLIMBER}/plugin/a.txt`);
    const to = temporaryFolder();
    // Also from below the clone's own folder: paths are those of the repository.
    takeOut(path.join(repository.folder, ROOT), head, CLIMBER, to);
    expect(readdirSync(to, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".txt"))).toEqual([
      path.join(CLIMBER, "plugin/a.txt"),
    ]);
    expect(readFileSync(path.join(to, CLIMBER, "plugin/a.txt"), "utf8").trim()).toBe(stored);
    expect(commitEntryFaults(repository.folder, head, CLIMBER)).toEqual([]);
  });

  test("runs no filter that the commit's attributes name", () => {
    const written = path.join(temporaryFolder(), "written");
    repository.git("config", "filter.evil.smudge", `sh -c 'echo x > ${written}; cat'`);
    repository.git("config", "diff.evil.textconv", `sh -c 'echo x > ${written}; cat'`);
    const head = repository.commit({
      [`${CLIMBER}/.gitattributes`]: "* filter=evil diff=evil\n",
      [`${CLIMBER}/a`]: "a",
    });
    read();
    const to = temporaryFolder();
    takeOut(repository.folder, head, CLIMBER, to);
    expect(existsSync(path.join(to, CLIMBER, "a"))).toBe(true);
    expect(existsSync(written)).toBe(false);
  });

  test("leaves links and submodules where they are and names them", () => {
    const secret = path.join(temporaryFolder(), "secret");
    writeFileSync(secret, "");
    const place = path.join(repository.folder, CLIMBER);
    mkdirSync(place, { recursive: true });
    symlinkSync(secret, path.join(place, "link"));
    new GitRepository(path.join(place, "module")).commit({ file: "" });
    const head = repository.commit({ [`${CLIMBER}/a`]: "" });
    expect(commitEntryFaults(repository.folder, head, CLIMBER)).toEqual([
      `${CLIMBER}/link is a link, no file`,
      `${CLIMBER}/module is a commit, no file`,
    ]);
    const to = temporaryFolder();
    takeOut(repository.folder, head, CLIMBER, to);
    expect(readdirSync(path.join(to, CLIMBER))).toEqual(["a"]);
  });

  test("a submission that the commits remove leaves nothing to verify", () => {
    repository.git("checkout", "--quiet", "main");
    repository.commit({ [`${CLIMBER}/a`]: "" });
    const head = repository.commit({ [`${CLIMBER}/a`]: null });
    expect(read("HEAD~1..HEAD").folders).toEqual([CLIMBER]);
    const error = harnessErrorOf(() => takeOut(repository.folder, head, CLIMBER, temporaryFolder()));
    expect([error.code, error.details.what]).toEqual(["NAS_SUBMISSION", "no file is left of the submission"]);
  });

  test("more than a submission may have is not taken out at all", () => {
    const many = Object.fromEntries(Array.from({ length: 2004 }, (_, at) => [`${CLIMBER}/${at}`, ""]));
    const head = repository.commit(many);
    const to = temporaryFolder();
    const error = harnessErrorOf(() => takeOut(repository.folder, head, CLIMBER, to));
    expect([error.code, error.details.what]).toEqual(["NAS_SUBMISSION", "2004 files with 0 bytes"]);
    expect(readdirSync(to)).toEqual([]);
  });
});
