import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { fetchFile, type WantedFile } from "../../core/downloads/fetched-file.ts";
import { openAddress, redirectTarget } from "../../core/downloads/web-request.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { cutAfter, type FileServer, ignoreRange, startFileServer, status, whole } from "../helpers/file-server.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { setVariables } from "../helpers/variables.ts";

const CONTENT = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7) % 256));
const hash = (name: string, bytes: Buffer) => createHash(name).update(bytes).digest("hex");
const SHA256 = hash("sha256", CONTENT);

interface Attempt {
  readonly server: FileServer;
  readonly folder: string;
  readonly wanted: WantedFile;
  readonly retries: string[];
  readonly fetch: (accept?: (part: string) => void, signal?: AbortSignal) => Promise<void>;
}

async function prepare(more: Partial<WantedFile> = {}): Promise<Attempt> {
  const server = await startFileServer({ "a.bin": CONTENT });
  const folder = temporaryFolder();
  const known = { bytes: CONTENT.length, most: CONTENT.length, sha256: SHA256, md5: hash("md5", CONTENT) };
  const wanted = { address: server.address("a.bin"), file: path.join(folder, "a.bin"), ...known, ...more };
  const retries: string[] = [];
  const fetch = (accept?: (part: string) => void, signal = new AbortController().signal) =>
    fetchFile(
      wanted,
      {
        patience: { attempts: 3, pauseMs: 1, idleMs: 300 },
        signal,
        onBytes: () => {},
        onRetry: (why) => retries.push(why),
      },
      accept,
    );
  return { server, folder, wanted, retries, fetch };
}

async function refusalOf({ fetch, wanted }: Attempt): Promise<HarnessError> {
  const error = await fetch().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarnessError);
  expect((error as HarnessError).code).toBe("NAS_DOWNLOAD");
  expect((error as HarnessError).details.next).toBeTruthy();
  // Half a file, or another one, is never where the right one belongs.
  expect(existsSync(wanted.file)).toBe(false);
  return error as HarnessError;
}

const contentOf = ({ wanted }: Attempt) => readFileSync(wanted.file);

test("a file is fetched, and nothing else stays in the folder", async () => {
  const attempt = await prepare();
  await attempt.fetch();
  expect(contentOf(attempt)).toEqual(CONTENT);
  expect(readdirSync(attempt.folder)).toEqual(["a.bin"]);
  expect(attempt.server.asked).toEqual(["a.bin"]);
});

describe("resuming", () => {
  test("a connection that is cut goes on where it ended", async () => {
    const attempt = await prepare();
    attempt.server.answers.set("a.bin", [cutAfter(1000), cutAfter(500), whole]);
    await attempt.fetch();
    expect(contentOf(attempt)).toEqual(CONTENT);
    expect(attempt.server.asked).toEqual(["a.bin", "a.bin bytes=1000-", "a.bin bytes=1500-"]);
    expect(attempt.retries).toHaveLength(2);
  });

  test("a later call goes on after what an earlier one has left", async () => {
    const attempt = await prepare();
    attempt.server.answers.set("a.bin", [cutAfter(1000), status(503)]);
    const error = await refusalOf(attempt);
    expect(error.details.what).toContain("could not be fetched in 3 attempts; the last one: the server answers 503");
    expect(error.details.next).toContain("after the 1000 bytes that are there");
    expect(readFileSync(`${attempt.wanted.file}.part`)).toEqual(CONTENT.subarray(0, 1000));
    attempt.server.answers.clear();
    await attempt.fetch();
    expect(attempt.server.asked.at(-1)).toBe("a.bin bytes=1000-");
    expect(contentOf(attempt)).toEqual(CONTENT);
  });

  test("a server that knows no ranges gives the whole again", async () => {
    const attempt = await prepare();
    attempt.server.answers.set("a.bin", [cutAfter(1000), ignoreRange]);
    await attempt.fetch();
    expect(attempt.server.asked).toEqual(["a.bin", "a.bin bytes=1000-"]);
    expect(contentOf(attempt)).toEqual(CONTENT);
  });

  test.each<[string, ReturnType<typeof status>]>([
    ["refuses the range", status(416)],
    ["gives another range", status(206, { "content-range": "bytes 7-4999/5000" })],
  ])("a server that %s is asked for the whole", async (_, answer) => {
    const attempt = await prepare();
    attempt.server.answers.set("a.bin", [cutAfter(1000), answer, whole]);
    await attempt.fetch();
    expect(attempt.server.asked).toEqual(["a.bin", "a.bin bytes=1000-", "a.bin"]);
    expect(contentOf(attempt)).toEqual(CONTENT);
  });

  test("a beginning of another file is thrown away, once", async () => {
    const attempt = await prepare();
    writeFileSync(`${attempt.wanted.file}.part`, Buffer.alloc(1000, 1));
    await attempt.fetch();
    expect(attempt.server.asked).toEqual(["a.bin bytes=1000-", "a.bin"]);
    expect(attempt.retries[0]).toContain("what an earlier attempt has left does not fit: its SHA-256 is");
    expect(contentOf(attempt)).toEqual(CONTENT);
  });

  test.each([
    ["longer than the whole", Buffer.alloc(6000), {}, ["a.bin"]],
    ["already whole", CONTENT, {}, []],
    ["of a file without a checksum", CONTENT.subarray(0, 10), { sha256: undefined, md5: undefined }, ["a.bin"]],
  ])("a part that is %s", async (_, part, change, asked) => {
    const attempt = await prepare(change as Partial<WantedFile>);
    writeFileSync(`${attempt.wanted.file}.part`, part);
    await attempt.fetch();
    expect(attempt.server.asked).toEqual(asked);
    expect(contentOf(attempt)).toEqual(CONTENT);
  });

  test("an interruption keeps what was received", async () => {
    const attempt = await prepare();
    const controller = new AbortController();
    attempt.server.answers.set("a.bin", [
      (response, content) => {
        response.writeHead(200, { "content-length": content.length });
        response.write(content.subarray(0, 1000), () => setTimeout(() => controller.abort(), 50));
      },
    ]);
    await expect(attempt.fetch(undefined, controller.signal)).rejects.toThrow();
    expect(readFileSync(`${attempt.wanted.file}.part`)).toEqual(CONTENT.subarray(0, 1000));
  });
});

describe("what is refused", () => {
  test.each<[string, string, ReturnType<typeof status>]>([
    ["not there", "the server answers 404", status(404)],
    ["forbidden", "the server answers 403", status(403)],
    ["of another length", "the server's file has 7 bytes", (response) => response.end("another")],
    [
      "longer than it says",
      "the server sends more than 5000 bytes",
      (response, content) => response.write(Buffer.concat([content, content])),
    ],
    ["redirected to nothing", "redirects to something that is no web address", status(302)],
    ["redirected to a file", "redirects to something that is no web address", status(302, { location: "file:///etc" })],
    ["redirected for ever", "redirects more than 5 times", status(302, { location: "/a.bin" })],
  ])("a file that is %s, at once", async (_, what, answer) => {
    const attempt = await prepare();
    attempt.server.answers.set("a.bin", [answer]);
    expect((await refusalOf(attempt)).details.what).toContain(what);
    expect(attempt.retries).toEqual([]);
  });

  test.each<[string, string, ReturnType<typeof status>]>([
    ["a server that is down", "the server answers 500", status(500)],
    ["a server that is silent", "nothing was received for 0.3 s", () => {}],
    [
      "a file that is shorter and says no length",
      "the last one: the connection ended after 9 of 5000 bytes",
      (response, content, request) => {
        // Written before the end is known: sent in chunks. Ranges are given, so each attempt brings three bytes more.
        const start = Number(request.headers.range?.match(/\d+/)?.[0] ?? 0);
        const range = { "content-range": `bytes ${start}-${start + 2}/*` };
        response.writeHead(start > 0 ? 206 : 200, start > 0 ? range : {});
        response.write(content.subarray(start, start + 3));
        response.end();
      },
    ],
  ])("%s, after all attempts", async (_, what, answer) => {
    const attempt = await prepare();
    attempt.server.answers.set("a.bin", [answer]);
    expect((await refusalOf(attempt)).details.what).toContain(what);
    expect(attempt.retries).toHaveLength(2);
  });

  test("a server that nobody runs", async () => {
    const attempt = await prepare({ address: "http://127.0.0.1:1/a.bin" });
    expect((await refusalOf(attempt)).details.what).toMatch(/ECONNREFUSED|bad port/);
  });

  test("other bytes of the right length are thrown away", async () => {
    const attempt = await prepare();
    attempt.server.files.set("a.bin", Buffer.alloc(CONTENT.length));
    expect((await refusalOf(attempt)).details.what).toContain("is not the expected one: its SHA-256 is");
    expect(readdirSync(attempt.folder)).toEqual([]);
  });

  test("a wrong MD5, where that is all that is known", async () => {
    const attempt = await prepare({ sha256: undefined as never, md5: "0".repeat(32) });
    expect((await refusalOf(attempt)).details.what).toContain(`its MD5 is ${hash("md5", CONTENT)} instead of 000`);
  });

  test("more bytes than allowed, of a file whose size nobody knows", async () => {
    const attempt = await prepare({ bytes: null, most: 100 });
    expect((await refusalOf(attempt)).details.allowed).toBe("at most 100 bytes");
  });

  test("content that the caller does not accept", async () => {
    const attempt = await prepare();
    const refused = attempt.fetch((part) => {
      expect(readFileSync(part)).toEqual(CONTENT);
      throw new HarnessError("NAS_IMAGES", { what: "no split" });
    });
    await expect(refused).rejects.toThrow("no split");
    expect(readdirSync(attempt.folder)).toEqual([]);
  });
});

test("redirects are followed, with the range", async () => {
  const attempt = await prepare();
  attempt.server.files.set("b.bin", CONTENT);
  attempt.server.answers.set("a.bin", [status(302, { location: "/b.bin" })]);
  attempt.server.answers.set("b.bin", [cutAfter(1000), whole]);
  await attempt.fetch();
  expect(attempt.server.asked).toEqual(["a.bin", "b.bin", "a.bin bytes=1000-", "b.bin bytes=1000-"]);
  expect(contentOf(attempt)).toEqual(CONTENT);
});

test.each([
  ["https://a.org/x", "http://a.org/x", "the server redirects from https to http: http://a.org/x"],
  ["https://a.org/x", "//b.org/y", "https://b.org/y"],
  ["http://a.org/x", "https://b.org/y", "https://b.org/y"],
  ["http://a.org/x", "y", "http://a.org/y"],
  ["https://a.org/x", "ftp://a.org/y", "the server redirects to something that is no web address: ftp://a.org/y"],
])("a redirect from %s to %s: %s", (from, location, expected) => {
  const target = () => redirectTarget(new URL(from), location, "https://start.org/");
  if (expected.startsWith("http")) expect(target().href).toBe(expected);
  else expect(harnessErrorOf(target).details).toMatchObject({ what: expected, where: "https://start.org/" });
});

test("an address that is none is an error, not a hang", async () => {
  const asked = { headers: {}, idleMs: 100, signal: new AbortController().signal };
  await expect(openAddress("no address", asked)).rejects.toThrow();
});

describe("a proxy that the environment names", () => {
  const asked = () => ({ headers: {}, idleMs: 1000, signal: new AbortController().signal });

  test("is asked for other machines' files", async () => {
    const proxy = await startFileServer({});
    proxy.answers.set("ttp://files.example.org/a.bin", [(response) => response.end("by proxy")]);
    setVariables({ HTTP_PROXY: proxy.address(""), http_proxy: undefined, NO_PROXY: undefined, no_proxy: undefined });
    const response = await openAddress("http://files.example.org/a.bin", asked());
    // A proxy is asked for the whole address; the server of these tests leaves out its first letter.
    expect(proxy.asked).toEqual(["ttp://files.example.org/a.bin"]);
    expect(await text(response)).toBe("by proxy");
  });

  test("is not asked for this machine's", async () => {
    const attempt = await prepare();
    setVariables({
      HTTP_PROXY: "http://127.0.0.1:1/",
      http_proxy: undefined,
      NO_PROXY: undefined,
      no_proxy: undefined,
    });
    await attempt.fetch();
    expect(contentOf(attempt)).toEqual(CONTENT);
  });
});

test("attempts that bring the file further are not counted", async () => {
  const attempt = await prepare();
  attempt.server.answers.set("a.bin", [cutAfter(500)]);
  await fetchFile(attempt.wanted, {
    patience: { attempts: 1, progressBytes: 500, pauseMs: 1, idleMs: 300 },
    signal: new AbortController().signal,
    onBytes: () => {},
    onRetry: (why) => attempt.retries.push(why),
  });
  expect(contentOf(attempt)).toEqual(CONTENT);
  expect(attempt.retries).toHaveLength(9);
});
