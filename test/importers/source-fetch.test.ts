import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { type FetchedSource, fetchTableSource } from "../../core/importers/source-fetch.ts";
import type { TableSource } from "../../schemas/generated/table-sources.ts";
import { cutAfter, page, status } from "../helpers/file-server.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { zipArchive } from "../helpers/zip-archive.ts";
import { ARCHIVE, digest, PLAIN, startSources, UNPACKED } from "./made-up-sources.ts";

async function prepare() {
  const folder = temporaryFolder();
  const { server, sources } = await startSources(temporaryFolder());
  const [plain, packed] = sources;
  const steps: string[] = [];
  const fetch = (source: TableSource): Promise<FetchedSource> =>
    fetchTableSource(source, folder, `nas-harness table fetch ${source.id}`, {
      patience: { attempts: 2, pauseMs: 1, idleMs: 500 },
      signal: new AbortController().signal,
      onStep: (what) => steps.push(what),
      onRetry: () => {},
      onBytes: () => {},
    });
  const refusal = async (source: TableSource): Promise<HarnessError> => {
    const error = await fetch(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HarnessError);
    return error as HarnessError;
  };
  const file = path.join(folder, "plain.db");
  return { folder, file, server, plain, packed, steps, fetch, refusal };
}

test("a file is fetched and recorded; the next call keeps it and asks nobody", async () => {
  const { folder, file, server, plain, fetch } = await prepare();
  const sha256 = digest("sha256", PLAIN);
  expect(await fetch(plain)).toEqual({ input: file, files: [{ name: "plain.db", sha256, came: "fetched" }] });
  expect(readFileSync(file).equals(PLAIN)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(["checksums.json", "plain.db"]);
  expect(JSON.parse(readFileSync(path.join(folder, "checksums.json"), "utf8"))).toEqual({ "plain.db": sha256 });
  expect((await fetch(plain)).files[0]?.came).toBe("kept");
  expect(server.asked).toEqual(["first"]);
});

test("an archive is unpacked; what came of it is kept without it", async () => {
  const { folder, server, packed, steps, fetch } = await prepare();
  const { input, files } = await fetch(packed);
  expect(input).toBe(folder);
  const expected = Object.entries(UNPACKED).map(([name, content]) => ({ name, sha256: digest("sha256", content) }));
  expect(files).toEqual(expected.map((one) => ({ ...one, came: "unpacked" })));
  for (const [name, content] of Object.entries(UNPACKED))
    expect(readFileSync(path.join(folder, name))).toEqual(content);
  expect(readdirSync(folder).sort()).toEqual(["cells.json", "checksums.json", "more.json", "packed.zip"]);
  expect(steps.at(-1)).toBe("unpacking packed.zip");
  rmSync(path.join(folder, "packed.zip"));
  expect((await fetch(packed)).files.every(({ came }) => came === "kept")).toBe(true);
  expect(server.asked).toEqual(["packed.zip"]);
});

test("addresses that are reported dead are tried last, with that remark", async () => {
  const { plain, steps, server, fetch } = await prepare();
  const [first, second, drive, byHand] = plain.mirrors;
  server.answers.set("first", [status(404)]);
  server.answers.set("second", [status(404)]);
  await fetch({ ...plain, mirrors: [drive!, first!, second!, byHand!] });
  expect(server.asked).toEqual(["first", "second", "uc?id=1"]);
  expect(steps.filter((step) => step.startsWith("fetching"))[2]).toMatch(/uc\?id=1 \(reported dead by nobody\)$/);
});

test("when no address gives the file, one message says why of each and what to do by hand", async () => {
  const { folder, plain, server, refusal, fetch, file } = await prepare();
  server.answers.set("first", [status(404)]);
  server.answers.set("second", [page("<html><title>Moved</title>")]);
  server.answers.set("uc?id=1", [page("<html><title>Google Drive - Quota exceeded</title>")]);
  const { code, details } = await refusal(plain);
  expect(code).toBe("NAS_DOWNLOAD");
  expect(details.what).toBe("plain.db could not be fetched from any of its 3 addresses");
  expect(details.where?.split("\n")).toEqual([
    `- ${server.address("first")}: the server answers 404`,
    `- ${server.address("second")}: the server sends a web page "Moved" instead of the file`,
    `- ${server.address("uc?id=1")} (reported dead by nobody): Google Drive's limit of downloads for this file is used up; it is lifted within about 24 hours`,
    "- https://example.org/folder (extraction code abcd): only by hand",
  ]);
  expect(details.allowed).toBe(
    `a file named plain.db, a SHA-256 that starts with ${digest("sha256", PLAIN).slice(0, 8)}`,
  );
  expect(details.next?.split("\n")).toEqual([
    `open ${server.address("first")} in a browser, or another one of these addresses,`,
    `put the file into ${folder} as plain.db,`,
    "then run: nas-harness table fetch plain",
  ]);
  // As it says.
  const asked = [...server.asked];
  writeFileSync(file, PLAIN);
  expect((await fetch(plain)).files[0]?.came).toBe("checked");
  expect(server.asked).toEqual(asked);
});

test("a source that is published only by hand says so at once", async () => {
  const { plain, server, refusal } = await prepare();
  const { details } = await refusal({ ...plain, mirrors: [plain.mirrors[3]!] });
  expect(details.what).toContain("can't be fetched by a program");
  expect(details.next).toContain("open https://example.org/folder in a browser,\n");
  expect(server.asked).toEqual([]);
});

describe("a file that was brought by hand and is refused, and left", () => {
  test.each([
    [
      "a page that a browser saved",
      Buffer.from("<!DOCTYPE html><title>Baidu</title>"),
      "it is a web page that a browser has saved",
    ],
    [
      "another file",
      Buffer.alloc(10),
      "its SHA-256 is 01d448afd928065458cf670b60f5a594d735af0172c8d67f22a81680132681ca and does not start",
    ],
    ["an empty file", Buffer.alloc(0), "its SHA-256 is e3b0c44298fc1c14"],
  ])("%s", async (_, content, message) => {
    const { file, plain, refusal } = await prepare();
    writeFileSync(file, content);
    const { code, details } = await refusal(plain);
    expect(code).toBe("NAS_DOWNLOAD");
    expect(details.what).toContain(`another file is there: ${message}`);
    expect(readFileSync(file)).toEqual(content);
  });

  test("one of another size, where that is known for certain", async () => {
    const { file, plain, refusal } = await prepare();
    writeFileSync(file, PLAIN);
    const { details } = await refusal({ ...plain, file: { ...plain.file, bytes: 7 } });
    expect(details.what).toBe("another file is there: it has 50000 bytes instead of 7");
  });
});

test("a checksum that only others have reported is told and refuses nothing", async () => {
  const { plain, steps, fetch } = await prepare();
  const checksum = { algorithm: "md5", digits: "last", value: "00000", evidence: "a forum", reported: true } as const;
  await fetch({ ...plain, file: { name: "plain.db", checksums: [checksum] } });
  expect(steps.at(-1)).toBe(
    `plain.db is not as reported: expected was an MD5 that ends with 00000 (a forum); it has ${digest("md5", PLAIN)}`,
  );
});

test("a file that was changed after it was recorded is refused", async () => {
  const { file, plain, fetch, refusal } = await prepare();
  await fetch(plain);
  writeFileSync(file, "changed");
  const { code, details } = await refusal(plain);
  expect(code).toBe("NAS_DOWNLOAD");
  expect(details.what).toContain("the file was changed since it was fetched");
  expect(details.allowed).toBe(digest("sha256", PLAIN));
});

test.each(["[1]", '{"plain.db": "x"}', "null"])("a list of checksums that is none, %s, is told", async (text) => {
  const { folder, plain, refusal } = await prepare();
  writeFileSync(path.join(folder, "checksums.json"), text);
  expect((await refusal(plain)).details.what).toBe("this is no list of checksums");
});

describe("too little space is told before anything is written", () => {
  const HUGE = 10 ** 18;

  test("for the file, as published", async () => {
    const { folder, plain, server, refusal } = await prepare();
    const { code, details } = await refusal({ ...plain, file: { ...plain.file, approximateBytes: HUGE } });
    expect(code).toBe("NAS_WRITE_FAILED");
    expect(details.what).toMatch(
      /^there is not enough space to fetch plain\.db: 1000000\.0 TB are needed, [\d.]+ \wB are free$/,
    );
    expect(server.asked).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("for what an archive holds", async () => {
    const { folder, packed, server, refusal } = await prepare();
    const content = Buffer.from("{}");
    const bytes = zipArchive(
      [
        { name: "cells.json", content, bytes: HUGE },
        { name: "more.json", content },
      ],
      { zip64: true },
    );
    server.files.set("packed.zip", bytes);
    expect((await refusal(packed)).details.what).toContain("there is not enough space to unpack packed.zip");
    expect(readdirSync(folder)).toEqual(["packed.zip"]);
  });
});

describe("an archive that is refused leaves nothing unpacked", () => {
  test.each<[string, Buffer, string]>([
    ["of other files", zipArchive([{ name: "x.json", content: Buffer.from("{}") }]), "does not hold cells.json"],
    [
      "of two files of one name",
      zipArchive(["a/cells.json", "b/cells.json"].map((name) => ({ name, content: Buffer.from("{}") }))),
      "holds cells.json 2 times",
    ],
    [
      "with a damaged file",
      zipArchive(
        Object.entries(UNPACKED).map(([name, content], at) => ({ name, content, ...(at === 1 ? { crc: 1 } : {}) })),
      ),
      "is damaged: more.json",
    ],
  ])("one that is %s", async (_, bytes, message) => {
    const { folder, packed, server, refusal } = await prepare();
    server.files.set("packed.zip", bytes);
    const { code, details } = await refusal(packed);
    expect(code).toBe("NAS_DOWNLOAD");
    expect(details.what).toContain(message);
    expect(readdirSync(folder)).toEqual(["packed.zip"]);
  });

  test("one that is cut off counts as not fetched: the next address is asked", async () => {
    const { folder, packed, server, steps, fetch } = await prepare();
    server.files.set("cut.zip", ARCHIVE.subarray(0, -30));
    const [mirror] = packed.mirrors;
    await fetch({ ...packed, mirrors: [{ kind: "http", address: server.address("cut.zip") }, mirror!] });
    expect(server.asked).toEqual(["cut.zip", "packed.zip"]);
    expect(steps).toHaveLength(4);
    expect(readdirSync(folder).sort()).toEqual(["cells.json", "checksums.json", "more.json", "packed.zip"]);
  });

  test("one that would replace a file of somebody's", async () => {
    const { folder, packed, refusal } = await prepare();
    writeFileSync(path.join(folder, "cells.json"), "mine");
    expect((await refusal(packed)).code).toBe("NAS_OUTPUT_EXISTS");
    expect(readdirSync(folder).sort()).toEqual(["cells.json", "packed.zip"]);
    expect(readFileSync(path.join(folder, "cells.json"), "utf8")).toBe("mine");
  });
});

test("what is unfinished is gone on from by the next call", async () => {
  const { folder, plain, server, refusal, fetch } = await prepare();
  const [first] = plain.mirrors;
  const source = { ...plain, mirrors: [first!] };
  server.answers.set("first", [cutAfter(20_000), status(404)]);
  await refusal(source);
  expect(readdirSync(folder).sort()).toEqual(["plain.db.part", "plain.db.part.json"]);
  server.answers.clear();
  await fetch(source);
  expect(server.asked.at(-1)).toBe("first bytes=20000-");
  expect(readdirSync(folder).sort()).toEqual(["checksums.json", "plain.db"]);
});

test("a folder in the file's place is told", async () => {
  const { file, plain, refusal } = await prepare();
  mkdirSync(file);
  expect((await refusal(plain)).code).toBe("NAS_FILE_UNREADABLE");
});
