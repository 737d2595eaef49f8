import path from "node:path";
import { describe, expect, test } from "vitest";
import { makeStatement } from "../../core/verify/statement.ts";
import { isRecorded, webAddress } from "../../leaderboard/generator/recorded-statement.ts";
import { GitRepository } from "../helpers/git-repository.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleVerification } from "../verify/example-submission.ts";

const HOME = "https://forge.example/owner/project";

describe("the address of a remote's repository", () => {
  test.each([
    "https://forge.example/owner/project",
    "https://forge.example/owner/project.git",
    "https://forge.example/owner/project/",
    "https://x-access-token:secret@forge.example/owner/project.git",
    "ssh://git@forge.example/owner/project.git",
    "ssh://forge.example:2222/owner/project",
    "git@forge.example:owner/project.git",
    "forge.example:owner/project",
  ])("%s", (remote) => {
    expect(webAddress(remote)).toBe(HOME);
  });

  test.each([
    "",
    "http://forge.example/owner/project.git",
    "git://forge.example/owner/project.git",
    "file:///srv/project.git",
    "/srv/project.git",
    "../project.git",
    "https://forge.example",
  ])("%j has none", (remote) => {
    expect(webAddress(remote)).toBeNull();
  });
});

describe("a statement", () => {
  const place = "statements/my-method/1.0.0.json";
  const clone = new GitRepository(path.join(sharedTemporaryFolder(), "clone"));
  const file = path.join(clone.folder, place);
  const statement = (url: string | null) => makeStatement(exampleVerification(), url);
  const own = statement(`${HOME}/actions/runs/7`);
  clone.commit({ [place]: JSON.stringify(own) });
  clone.git("remote", "add", "origin", "git@forge.example:Owner/project.git");
  clone.git("remote", "add", "fork", "https://forge.example/somebody/project");
  clone.git("update-ref", "refs/remotes/origin/main", "HEAD");
  clone.git("update-ref", "refs/remotes/fork/main", "HEAD");

  test("counts if main of the remote has it, however it is written", () => {
    expect(isRecorded(file, own, "origin")).toBe(true);
    clone.commit({ [place]: JSON.stringify(own, null, 4).replaceAll("\n", "\r\n") });
    expect(isRecorded(file, own, "origin")).toBe(true);
  });

  test.each([
    ["of no run", statement(null), "origin"],
    ["of a run of another repository", own, "fork"],
    ["of a repository whose name only begins alike", statement(`${HOME}-2/actions/runs/7`), "origin"],
    ["of something else at the repository's address", statement(`${HOME}/actions/runs/7/../../../../x/y`), "origin"],
    ["of another run than main has", statement(`${HOME}/actions/runs/8`), "origin"],
    ["with another verdict than main has", { ...own, predicate: { ...own.predicate, result: "FAILED" } }, "origin"],
    ["by a remote that is none", own, "upstream"],
    ["by an option for a remote", own, "--all"],
  ] as const)("%s does not", (_, document, remote) => {
    expect(isRecorded(file, document as typeof own, remote)).toBe(false);
  });

  test("that only the clone's own main has does not, nor one outside of a clone", () => {
    const other = clone.folder.replace(/clone$/, "other.json");
    expect(isRecorded(other, own, "origin")).toBe(false);
    const newer = "statements/my-method/1.1.0.json";
    clone.commit({ [newer]: JSON.stringify(own) });
    expect(isRecorded(path.join(clone.folder, newer), own, "origin")).toBe(false);
  });
});
