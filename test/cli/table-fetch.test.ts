import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { page, status } from "../helpers/file-server.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { digest, PLAIN, startSources } from "../importers/made-up-sources.ts";

async function prepare() {
  const cwd = temporaryFolder();
  const made = await startSources(cwd);
  const run = (...words: string[]) => runCommandLine(["table", "fetch", ...words], { cwd });
  return { ...made, cwd, run };
}

describe("table fetch without a source", () => {
  test("lists what there is, and what is not imported", async () => {
    const { run } = await prepare();
    const { exitCode, stdout, stderr } = await run();
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^nats-tss-simple +NATS-tss-v1_0-3ffb9-simple\.tar +1\.1 GB +fetched +nats-bench +MIT$/m);
    expect(stdout).toMatch(/^nats-tss-full .* not published +by hand /m);
    expect(stdout).toContain("\nsyne-tune is not imported: Syne Tune's blackbox nasbench201\n  its metric_valid_error");
    expect(stdout.split("\n").every((line) => line.length <= 120)).toBe(true);
  });

  test("as one JSON document, of a list of one's own", async () => {
    const { run, list, sources } = await prepare();
    const { exitCode, stdout } = await run("--sources", list, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ sources, unusable: [] });
  });
});

describe("table fetch <source>", () => {
  test("fetches to downloads/<source>, says what is next, and keeps it the second time", async () => {
    const { run, list, cwd, server } = await prepare();
    const { exitCode, stdout, stderr } = await run("plain", "--sources", list, "--no-import");
    expect(exitCode, stderr).toBe(0);
    const file = path.join(cwd, "downloads/plain/plain.db");
    expect(readFileSync(file).equals(PLAIN)).toBe(true);
    expect(readdirSync(path.dirname(file)).sort()).toEqual(["checksums.json", "plain.db"]);
    expect(stdout).toMatch(new RegExp(`^plain\\.db +fetched +${digest("sha256", PLAIN)}$`, "m"));
    expect(stderr).toContain("next: nas-harness table import nni downloads/plain/plain.db\n");
    const again = await run("plain", "--sources", list, "--no-import", "--json");
    expect(JSON.parse(again.stdout)).toEqual({
      source: "plain",
      importer: "nni",
      input: "downloads/plain/plain.db",
      files: [{ name: "plain.db", sha256: digest("sha256", PLAIN), came: "kept" }],
      next: "nas-harness table import nni downloads/plain/plain.db",
    });
    expect(server.asked).toEqual(["first"]);
  });

  test("that no address gives ends with 4 and one message; the file by hand and the same command end with 0", async () => {
    const { run, list, cwd, server } = await prepare();
    for (const place of ["first", "second"]) server.answers.set(place, [status(404)]);
    server.answers.set("uc?id=1", [page("<html><title>Google Drive - Quota exceeded</title>")]);
    const words = ["plain", "--sources", list, "--data", "my data", "--no-import"];
    const { exitCode, stdout, stderr } = await run(...words);
    expect(exitCode).toBe(4);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toContain("NAS_DOWNLOAD: plain.db could not be fetched from any of its 3 addresses\n");
    expect(stderr).toContain("(extraction code abcd): only by hand\n");
    const [, command] = /then run: nas-harness table fetch (.*)$/m.exec(stderr) ?? [];
    expect(command).toBe(`plain --sources ${list} --data 'my data' --no-import`);
    writeFileSync(path.join(cwd, "my data/plain.db"), PLAIN);
    const again = await run(...words);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/^plain\.db +checked /m);
  });
});
