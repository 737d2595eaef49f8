import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { cutAfter, status, whole } from "../helpers/file-server.ts";
import { signalAt } from "../helpers/signalled-process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { startFetchedDataset } from "../plugins/datasets/fetched-dataset.ts";

const FETCH = ["dataset", "fetch", "./made-up"];
const ALL = ["checksums.json", "images.tar.gz", "split.txt", "test.bin", "train.bin"];
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function prepare() {
  const cwd = temporaryFolder();
  const data = path.join(cwd, "downloads/made-up");
  const dataset = await startFetchedDataset(cwd);
  const run = (...words: string[]) => runCommandLine(words, { cwd });
  return { ...dataset, cwd, data, run };
}

describe("dataset fetch", () => {
  test("fetches, unpacks and records, and the dataset can then be read; a second call keeps all", async () => {
    const { data, run, contents, server } = await prepare();
    const before = await run("dataset", "info", "./made-up");
    expect(before.exitCode).toBe(4);
    expect(before.stderr).toContain("NAS_IMAGES: there is no train.bin");
    expect(before.stderr).toContain("nas-harness dataset fetch ./made-up");

    const { exitCode, stdout, stderr } = await run(...FETCH);
    expect(exitCode, stderr).toBe(0);
    expect(readdirSync(data).sort()).toEqual(ALL);
    for (const [name, content] of Object.entries(contents)) {
      expect(readFileSync(path.join(data, name))).toEqual(content);
      expect(stdout).toMatch(new RegExp(`^${name} +(fetched|unpacked) +${sha256(content)}$`, "m"));
    }
    const recorded = Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, sha256(content)]));
    expect(JSON.parse(readFileSync(path.join(data, "checksums.json"), "utf8"))).toEqual(recorded);
    expect(stderr).toMatch(/^fetching images\.tar\.gz from http:\S+\nunpacking images\.tar\.gz\nfetching split\.txt/);
    expect(stderr).toContain("next: nas-harness dataset info ./made-up\n");

    const info = await run("dataset", "info", "./made-up");
    expect(info.exitCode, info.stderr).toBe(0);
    expect(info.stdout).toMatch(/^train +6 +1 0 1 0 1 0 1 0 1 1$/m);
    expect(info.stdout).toMatch(/^valid +4 +0 1 0 1 0 1 0 1 0 0$/m);

    // The archive is of no use any more.
    rmSync(path.join(data, "images.tar.gz"));
    const asked = [...server.asked];
    const again = await run(...FETCH, "--json");
    expect(again).toMatchObject({ exitCode: 0 });
    const document = JSON.parse(again.stdout);
    expect(document).toMatchObject({ dataset: "made-up", version: "1.0.0", folder: "downloads/made-up" });
    expect(document.files).toEqual(
      ["train.bin", "test.bin", "split.txt"].map((name) => ({ name, sha256: recorded[name], came: "kept" })),
    );
    expect(server.asked).toEqual(asked);
  });

  test("a download that is cut is resumed; one that fails says how to go on, and the next command does", async () => {
    const { data, run, server } = await prepare();
    server.answers.set("images.tar.gz", [cutAfter(100), status(404)]);
    const failed = await run(...FETCH);
    expect(failed.exitCode).toBe(4);
    expect(failed.stderr).toContain("the connection ended after 100 of");
    expect(failed.stderr).toMatch(/^NAS_DOWNLOAD: the server answers 404$/m);
    expect(failed.stderr).not.toContain("    at ");
    expect(readdirSync(data).sort()).toEqual(["images.tar.gz.part", "images.tar.gz.part.json"]);
    expect(statSync(path.join(data, "images.tar.gz.part")).size).toBe(100);
    server.answers.set("images.tar.gz", [whole]);
    const resumed = await run(...FETCH);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(server.asked).toContain("images.tar.gz bytes=100-");
    expect(readdirSync(data).sort()).toEqual(ALL);
  });

  test("what was recorded stays when a later file is refused", async () => {
    const { data, run, server, contents } = await prepare();
    server.files.set("split.txt", Buffer.from("<html>moved</html>"));
    const refused = await run(...FETCH);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("NAS_JSON");
    expect(Object.keys(JSON.parse(readFileSync(path.join(data, "checksums.json"), "utf8")))).toHaveLength(2);
    expect(existsSync(path.join(data, "split.txt"))).toBe(false);
    expect(existsSync(path.join(data, "split.txt.part"))).toBe(false);
    const twisted = contents["split.txt"]!.toString().replace('"2"', '"1"');
    server.files.set("split.txt", Buffer.from(twisted));
    const other = await run(...FETCH);
    expect(other.exitCode).toBe(4);
    expect(other.stderr).toContain("NAS_IMAGES: this is not the authors' split file");
    expect(other.stderr).toContain("train starts with 0,1 instead of 0,2");
  });

  test("files that were brought by hand are checked instead of fetched", async () => {
    const { data, run, server, contents } = await prepare();
    const archive = server.files.get("images.tar.gz")!;
    expect((await run(...FETCH)).exitCode).toBe(0);
    for (const name of readdirSync(data)) rmSync(path.join(data, name));
    writeFileSync(path.join(data, "images.tar.gz"), archive);
    writeFileSync(path.join(data, "split.txt"), contents["split.txt"]!);
    writeFileSync(path.join(data, "train.bin"), contents["train.bin"]!);
    const asked = [...server.asked];
    const { exitCode, stdout, stderr } = await run(...FETCH);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^split\.txt +checked /m);
    expect(server.asked).toEqual(asked);
  });

  test.each([
    ["images.tar.gz", "NAS_IMAGES: another file is there: its SHA-256 is", 4],
    ["train.bin", "NAS_OUTPUT_EXISTS: a file of that name is there already", 2],
  ])("another %s that is there is refused and left", async (name, message, exit) => {
    const { data, run } = await prepare();
    expect((await run(...FETCH)).exitCode).toBe(0);
    rmSync(path.join(data, "checksums.json"));
    writeFileSync(path.join(data, name), "mine");
    const { exitCode, stderr } = await run(...FETCH);
    expect(exitCode).toBe(exit);
    expect(stderr).toContain(message);
    expect(readFileSync(path.join(data, name), "utf8")).toBe("mine");
    expect(readdirSync(data).filter((one) => one.endsWith(".tmp"))).toEqual([]);
  });

  test("a file that was changed after it was fetched is told by fetch and by reading", async () => {
    const { data, run } = await prepare();
    expect((await run(...FETCH)).exitCode).toBe(0);
    appendFileSync(path.join(data, "test.bin"), "x");
    for (const words of [FETCH, ["dataset", "info", "./made-up"]]) {
      const { exitCode, stderr } = await run(...words);
      expect(exitCode).toBe(4);
      expect(stderr).toContain("NAS_IMAGES: the file was changed since it was fetched");
    }
  });

  test("what has no address is demanded by name, after all else is there", async () => {
    const { data, run, sources, writeSources, contents, server } = await prepare();
    const [archive, split] = sources.files;
    const hand = { name: "more.bin", address: null, origin: "A. Publisher, on request", md5: "0".repeat(32) };
    writeSources({ ...sources, files: [hand, archive!, split!] });
    const demanded = await run(...FETCH, "--output", "my data");
    expect(demanded.exitCode).toBe(4);
    expect(demanded.stderr).toContain(
      "NAS_DATASET_FILES: 1 files have no address that lasts and are not there: more.bin",
    );
    expect(demanded.stderr).toContain("from A. Publisher, on request");
    expect(demanded.stderr).toContain("nas-harness dataset fetch ./made-up --output 'my data'");
    expect(existsSync(data)).toBe(false);
    const folder = path.join(path.dirname(path.dirname(data)), "my data");
    expect(readFileSync(path.join(folder, "train.bin"))).toEqual(contents["train.bin"]);
    writeFileSync(path.join(folder, "more.bin"), "other");
    const asked = [...server.asked];
    const wrong = await run(...FETCH, "--output", "my data");
    expect(wrong.stderr).toContain("NAS_IMAGES: another file is there: its MD5 is");
    expect(server.asked).toEqual(asked);
  });

  test("a folder that can't be written, and one that is in use", async () => {
    const { cwd, run } = await prepare();
    writeFileSync(path.join(cwd, "downloads"), "a file");
    const refused = await run(...FETCH);
    expect(refused.exitCode).toBe(4);
    expect(refused.stderr).toContain("NAS_WRITE_FAILED");
  });

  test.each<[string, (document: Record<string, unknown>) => void, string]>([
    ["an unknown field", (document) => Object.assign(document, { more: 1 }), "more"],
    [
      "a file that nothing tells from another one",
      (document) => Object.assign(document, { splits: {} }),
      "split.txt has neither a checksum nor an entry in splits",
    ],
    [
      "a split of no file",
      ({ splits }) => Object.assign(splits as object, { "other.txt": { a: { count: 1, first: [] } } }),
      "splits names other.txt, which is none of the files",
    ],
    [
      "two files of one name",
      ({ files }) => (files as object[]).push((files as object[])[1]!),
      "two files are named split.txt",
    ],
  ])("sources.json with %s is NAS_SCHEMA", async (_, change, message) => {
    const { run, sources, writeSources, server } = await prepare();
    const document = structuredClone(sources) as unknown as Record<string, unknown>;
    change(document);
    writeSources(document as never);
    const { exitCode, stderr } = await run(...FETCH);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NAS_SCHEMA");
    expect(stderr).toContain(message);
    expect(server.asked).toEqual([]);
  });

  test("of a dataset that does not say where its files come from", async () => {
    const { run } = await prepare();
    const { exitCode, stderr } = await run("dataset", "fetch", "fashion-mnist");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NAS_USAGE: dataset fashion-mnist has no sources.json");
  });

  test("Ctrl-C ends it with exit code 130; what was received stays, and the same command goes on", async () => {
    const { cwd, run, server, contents } = await prepare();
    server.answers.set("images.tar.gz", [
      (response, content) => {
        response.writeHead(200, { "content-length": content.length });
        response.write(content.subarray(0, 100));
      },
      whole,
    ]);
    const data = path.join(cwd, "data");
    const words = ["dataset", "fetch", path.join(cwd, "made-up"), "--output", data];
    const sizeOf = (name: string) => statSync(path.join(data, name), { throwIfNoEntry: false })?.size;
    const interrupted = await signalAt(words, "SIGINT", () => sizeOf("images.tar.gz.part") === 100);
    expect(interrupted.exitCode).toBe(130);
    expect(interrupted.stderr).toContain(
      "interrupted; what was received is kept, go on with: nas-harness dataset fetch",
    );
    expect(readdirSync(data).sort()).toEqual(["images.tar.gz.part", "images.tar.gz.part.json"]);
    const { exitCode, stderr } = await run(...words);
    expect(exitCode, stderr).toBe(0);
    expect(server.asked.slice(0, 2)).toEqual(["images.tar.gz", "images.tar.gz bytes=100-"]);
    expect(readFileSync(path.join(data, "train.bin"))).toEqual(contents["train.bin"]);
  });

  test("--help shows examples", async () => {
    const { run } = await prepare();
    const { exitCode, stdout } = await run("dataset", "fetch", "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("nas-harness dataset fetch cifar10\n");
  });
});
