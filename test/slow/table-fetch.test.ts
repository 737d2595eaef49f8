import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { lockFolder } from "../../core/files/folder-lock.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import type { Answer } from "../helpers/file-server.ts";
import { signalAt } from "../helpers/signalled-process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { zipArchive } from "../helpers/zip-archive.ts";
import { startSources, UNPACKED } from "../importers/made-up-sources.ts";

const CONTENT = Buffer.from(Array.from({ length: 1_500_000 }, (_, at) => (at * 17) % 253));

/** Gives what was asked for in small pieces, so that a signal comes in the middle. */
function slowly(headers: Readonly<Record<string, string>>): Answer {
  return (response, content, request) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { "content-length": content.length - start, ...headers, ...range });
    let at = start;
    const timer = setInterval(() => {
      response.write(content.subarray(at, at + 20_000));
      at += 20_000;
      if (at < content.length) return;
      clearInterval(timer);
      response.end();
    }, 20);
    response.on("close", () => clearInterval(timer));
  };
}

async function prepare(headers: Readonly<Record<string, string>>, isVerified: boolean) {
  const cwd = temporaryFolder();
  const { server, sources, list, write } = await startSources(cwd);
  const sha256 = createHash("sha256").update(CONTENT).digest("hex");
  const checksums = [{ algorithm: "sha256" as const, digits: "all" as const, value: sha256, evidence: "a test" }];
  const file = { name: "plain.db", ...(isVerified ? { checksums } : {}) };
  write([{ ...sources[0], file, mirrors: sources[0].mirrors.slice(0, 1) }]);
  server.files.set("first", CONTENT);
  server.answers.set("first", [slowly(headers)]);
  const data = path.join(cwd, "data");
  const words = ["table", "fetch", "plain", "--sources", list, "--data", data, "--no-import"];
  const received = () => statSync(path.join(data, "plain.db.part"), { throwIfNoEntry: false })?.size ?? 0;
  return { cwd, data, words, received, server };
}

describe.each<[string, Record<string, string>, boolean]>([
  ["with a known checksum", {}, true],
  ["whose version the server names", { etag: '"1"' }, false],
])("a file %s", (_, headers, isVerified) => {
  test.each(["SIGKILL", "SIGINT"] as const)(
    "that %s interrupts again and again ends with the same bytes",
    async (signal) => {
      const { data, words, received, server } = await prepare(headers, isVerified);
      for (const further of [1, 90_000, 200_000]) {
        // Beyond what is there: the signal comes while more is received.
        const goal = received() + further;
        const { exitCode, stderr } = await signalAt(words, signal, () => received() >= goal);
        expect(exitCode).toBe(signal === "SIGINT" ? 130 : null);
        if (signal === "SIGINT")
          expect(stderr).toContain("interrupted; what was received is kept, go on with: nas-harness table fetch plain");
        expect(received()).toBeGreaterThanOrEqual(goal);
      }
      const { exitCode, stderr } = await runCommandLine(words);
      expect(exitCode, stderr).toBe(0);
      expect(readFileSync(path.join(data, "plain.db")).equals(CONTENT)).toBe(true);
      expect(readdirSync(data).sort()).toEqual(["checksums.json", "plain.db"]);
      // Nothing was fetched twice.
      expect(server.asked[0]).toBe("first");
      expect(server.asked.slice(1).every((one) => /^first bytes=\d+-$/.test(one))).toBe(true);
    },
  );
});

test("a kill while an archive is unpacked leaves no half a file, and the same command ends it", async () => {
  const cwd = temporaryFolder();
  const { server, list } = await startSources(cwd);
  const big = Buffer.alloc(60_000_000, "0123456789");
  const contents = { ...UNPACKED, "more.json": big };
  server.files.set("packed.zip", zipArchive(Object.entries(contents).map(([name, content]) => ({ name, content }))));
  const data = path.join(cwd, "data");
  const words = ["table", "fetch", "packed", "--sources", list, "--data", data, "--no-import"];
  const isUnpacking = () => {
    const names = statSync(data, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(data);
    return names.some((name) => name.startsWith("more.json.") && name.endsWith(".tmp"));
  };
  await signalAt(words, "SIGKILL", isUnpacking);
  expect(readdirSync(data)).not.toContain("more.json");
  const { exitCode, stderr } = await runCommandLine(words);
  expect(exitCode, stderr).toBe(0);
  expect(readFileSync(path.join(data, "more.json")).equals(big)).toBe(true);
  expect(readdirSync(data).sort()).toEqual(["cells.json", "checksums.json", "more.json", "packed.zip"]);
  expect(server.asked).toEqual(["packed.zip"]);
});

describe("table fetch <source>", () => {
  async function prepareCommand() {
    const cwd = temporaryFolder();
    const made = await startSources(cwd);
    const run = (...words: string[]) => runCommandLine(["table", "fetch", ...words], { cwd });
    return { ...made, cwd, run };
  }

  test("unpacks an archive into the folder that --data names", async () => {
    const { run, list, cwd } = await prepareCommand();
    const { exitCode, stderr } = await run("packed", "--sources", list, "--data", "my data", "--no-import");
    expect(exitCode, stderr).toBe(0);
    for (const [name, content] of Object.entries(UNPACKED))
      expect(readFileSync(path.join(cwd, "my data", name))).toEqual(content);
    expect(stderr).toContain("next: nas-harness table import hpobench 'my data'\n");
    expect(existsSync(path.join(cwd, "downloads"))).toBe(false);
  });

  test.each<[string, string[], number, RegExp]>([
    ["a source that there is not", ["plane"], 2, /NAS_USAGE: there is no source plane\n +allowed: plain, packed\n/],
    [
      "a source that can't be used",
      ["syne"],
      2,
      /NAS_USAGE: no table can be made from syne: it has no validation split\n/,
    ],
    ["a list that there is not", ["plain", "--sources", "none.json"], 2, /NAS_FILE_NOT_FOUND/],
    [
      "a list with a fault",
      ["plain", "--sources", "broken.json"],
      2,
      /NAS_SCHEMA[\s\S]*the field "sources" is missing/,
    ],
    ["a folder in use", ["plain", "--data", "locked"], 4, /NAS_OUTPUT_LOCKED/],
    ["a folder that can't be made", ["plain", "--data", "mine.json/below"], 4, /NAS_WRITE_FAILED/],
  ])("with %s is refused", async (_, words, exit, message) => {
    const { run, list, cwd, sources, write, server } = await prepareCommand();
    write(sources, {
      unusable: [{ id: "syne", title: "S", reason: "it has no validation split", publisher: "https://example.org" }],
    });
    writeFileSync(path.join(cwd, "broken.json"), "{}");
    mkdirSync(path.join(cwd, "locked"));
    const lock = lockFolder(path.join(cwd, "locked"));
    const { exitCode, stdout, stderr } = await run("--sources", list, ...words);
    lock.release();
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(exit);
    expect(stdout).toBe("");
    expect(server.asked).toEqual([]);
  });
});
