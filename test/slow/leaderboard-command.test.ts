import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { BIN, runCommandLine } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeMethodResults } from "../statistics/method-results.ts";

const GENERATED = inject("generatedTable");
const NO_TABLES = { NAS_HARNESS_TABLES: "" };

function leaderboard(cwd: string, ...words: string[]) {
  return runCommandLine(["leaderboard", ...words], { cwd, env: NO_TABLES });
}

describe("nas-harness leaderboard", () => {
  test("without results or a table writes the published rows and says how to make the rest", async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout, stderr } = await leaderboard(cwd);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(path.join("site", "index.html"));
    expect(stdout).toMatch(/REA .*published .*93\.92 ± 0\.30/);
    expect(stderr).toContain("nas-harness run rs rea reinforce bohb");
    for (const name of [
      "leaderboard.md",
      "leaderboard.csv",
      "leaderboard.tex",
      "leaderboard.json",
      "leaderboard.bib",
      "index.html",
    ]) {
      expect(existsSync(path.join(cwd, "site", name))).toBe(true);
    }
  });

  test("with results, a table and an extension shows all of them", async () => {
    const cwd = temporaryFolder();
    writeMethodResults(path.join(cwd, "results"), {
      method: "rea",
      title: "REA",
      runs: [{ values: 94 }, { values: 93 }],
    });
    writeMethodResults(path.join(cwd, "results"), { method: "half", runs: [{ values: 94 }], summary: false });
    const extension = path.join(cwd, "column.mjs");
    writeFileSync(
      extension,
      `import { defineExtension } from "nas-harness";
       const column = { name: "code", title: "Code", cell: ({ method }) => method + ".example" };
       export default defineExtension({ name: "x", apply: (hooks) => hooks.tap("leaderboardColumns", "x", (columns) => [...columns, column]) });`,
    );
    const words = ["--table", GENERATED, "--output", "out", "--extension", extension];
    const { exitCode, stdout, stderr } = await leaderboard(cwd, ...words);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("half has no summary yet")]);
    expect(stdout).toMatch(/REA +re-run .*93\.50 ± 0\.50 .*2 +rea\.example/);
    expect(stdout).toMatch(/ResNet +computed/);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(path.join("out", "index.html"));
    expect(readFileSync(path.join(cwd, "out", "index.html"), "utf8")).toContain("rea.example");
  });

  test("--json prints one document", async () => {
    const cwd = temporaryFolder();
    const { exitCode, stdout } = await leaderboard(cwd, "--json", "--output", "out");
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout) as { page: string; files: string[]; leaderboard: { sections: unknown[] } };
    expect(document.page).toBe(path.join("out", "index.html"));
    expect(document.files).toHaveLength(6);
    const { format, ...written } = JSON.parse(readFileSync(path.join(cwd, "out", "leaderboard.json"), "utf8"));
    expect(format).toBe(2);
    expect(document.leaderboard).toEqual(written);
  });

  test("names a broken summary, a missing folder and a folder that is no table", async () => {
    const cwd = temporaryFolder();
    const folder = writeMethodResults(path.join(cwd, "results"), { runs: [{ values: 94 }] });
    writeFileSync(path.join(folder, "summary.json"), "{");
    const broken = await leaderboard(cwd);
    expect([broken.exitCode, broken.stdout]).toEqual([2, ""]);
    expect(broken.stderr).toContain(path.join("results", "nas-bench-201-mean", "made-up", "summary.json"));
    expect(existsSync(path.join(cwd, "site"))).toBe(false);
    const missing = await leaderboard(cwd, "--results", "nowhere");
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringMatching(/NAS_FILE_NOT_FOUND[\s\S]*nowhere/)]);
    const noTable = await leaderboard(temporaryFolder(), "--table", cwd, "--json");
    expect([noTable.exitCode, JSON.parse(noTable.stdout).error.code]).toEqual([4, "NAS_TABLE_NOT_FOUND"]);
  });

  test("says in its help how it is used", async () => {
    const { exitCode, stdout } = await leaderboard(temporaryFolder(), "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("nas-harness leaderboard --results");
  });
});

test("leaderboard serve writes the site, serves it to this machine, and ends with Ctrl-C", async () => {
  const cwd = temporaryFolder();
  const words = [BIN, "leaderboard", "serve", "--port", "0"];
  const child = spawn(process.execPath, words, { cwd, env: { ...process.env, ...NO_TABLES } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const [address] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/index\.html\n$/);
  const page = await fetch(address.trim());
  expect(page.status).toBe(200);
  expect(await page.text()).toBe(readFileSync(path.join(cwd, "site", "index.html"), "utf8"));
  // Files are read at each request: what another process writes is there at the next one.
  writeFileSync(path.join(cwd, "site", "later.html"), "<p>later</p>");
  expect(await (await fetch(new URL("later.html", address.trim()))).text()).toBe("<p>later</p>");
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  await expect(fetch(address.trim())).rejects.toThrow();
});
