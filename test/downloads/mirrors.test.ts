import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { WantedFile } from "../../core/downloads/fetched-file.ts";
import { fetchFromMirrors, type Mirror } from "../../core/downloads/mirrors.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import {
  type Answer,
  cutAfter,
  type FileServer,
  ignoreRange,
  page,
  startFileServer,
  status,
  whole,
  withHeaders,
} from "../helpers/file-server.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const CONTENT = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7) % 256));
const OTHER = Buffer.from(CONTENT.map((byte) => byte ^ 1));
const MD5 = createHash("md5").update(CONTENT).digest("hex");

const LAST_DIGITS = { checksums: [{ algorithm: "md5", digits: "last", value: MD5.slice(-5) }] } as const;

interface Attempt {
  readonly server: FileServer;
  readonly folder: string;
  readonly file: string;
  readonly steps: string[];
  /** The mirror that gave the file (null if none did), and why the others did not. */
  readonly fetch: (signal?: AbortSignal) => Promise<{ from: string | null; why: string[] }>;
}

/** A file on three mirrors, a, b and c, of one server. */
async function prepare(
  known: Partial<WantedFile> = LAST_DIGITS,
  answers: Record<string, Answer[]> = {},
): Promise<Attempt> {
  const server = await startFileServer({ a: CONTENT, b: CONTENT, c: CONTENT });
  for (const [place, queue] of Object.entries(answers)) server.answers.set(place, queue);
  const folder = temporaryFolder();
  const file = path.join(folder, "file.bin");
  const mirrors = ["a", "b", "c"].map((place): Mirror => ({ kind: "http", address: server.address(place) }));
  const steps: string[] = [];
  const nameOf = (mirror: Mirror) => mirror.address.at(-1) as string;
  const fetch = async (signal = new AbortController().signal) => {
    const { mirror, failures } = await fetchFromMirrors(
      { file, bytes: null, most: 10_000, ...known },
      mirrors,
      {
        patience: { attempts: 2, pauseMs: 1, idleMs: 200 },
        signal,
        onBytes: () => {},
        onRetry: (why) => steps.push(why),
      },
      (one) => steps.push(nameOf(one)),
    );
    return { from: mirror === null ? null : nameOf(mirror), why: failures.map(({ why }) => why) };
  };
  return { server, folder, file, steps, fetch };
}

/** The file is there, and nothing else is left. */
function expectWhole({ file, folder }: Attempt): void {
  expect(readFileSync(file).equals(CONTENT)).toBe(true);
  expect(readdirSync(folder)).toEqual(["file.bin"]);
}

test("the first mirror that gives the file is the only one asked", async () => {
  const attempt = await prepare();
  expect(await attempt.fetch()).toEqual({ from: "a", why: [] });
  expect(attempt.server.asked).toEqual(["a"]);
  expectWhole(attempt);
});

test.each<[string, Answer, RegExp]>([
  ["has no such file", status(404), /^the server answers 404$/],
  ["forbids it", status(403), /^the server answers 403$/],
  ["is down", status(500), /could not be fetched in 2 attempts; the last one: the server answers 500$/],
  ["is busy", status(429), /the server answers 429$/],
  [
    "asks to come back tomorrow",
    status(503, { "retry-after": "86400" }),
    /in 1 attempt; .*503 and asks to wait 86400 s$/,
  ],
  ["is silent", () => {}, /nothing was received for 0.2 s$/],
  [
    "sends other bytes",
    (response) => response.end(OTHER),
    /is not the expected one: its MD5 is \w{32} and does not end with/,
  ],
  [
    "sends more than is allowed",
    (response) => response.end(Buffer.alloc(20_000)),
    /20000 bytes; allowed: at most 10000 bytes$/,
  ],
  [
    "says that it sends more than it does",
    (response, content) => {
      response.writeHead(200, { "content-length": 6000 });
      response.write(content, () => response.destroy());
    },
    /the connection ended|does not give the part/,
  ],
  [
    "sends a page",
    page("<!DOCTYPE html><title>Sign in &amp; pay</title>"),
    /^the server sends a web page "Sign in & pay" instead of the file$/,
  ],
  [
    "sends a page that it calls a file",
    (response) => response.writeHead(200, { "content-type": "application/zip" }).end("\n<HTML><body>gone"),
    /^the server sends a web page instead of the file$/,
  ],
  [
    "sends a page in small pieces",
    (response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.write("<");
      setTimeout(() => response.end("script>"), 20);
    },
    /^the server sends a web page instead/,
  ],
  ["redirects in circles", status(302, { location: "/a" }), /redirects more than 5 times/],
])("a mirror that %s is followed by the next", async (_, answer, why) => {
  const attempt = await prepare(LAST_DIGITS, { a: [answer] });
  const outcome = await attempt.fetch();
  expect(outcome.from).toBe("b");
  expect(outcome.why).toHaveLength(1);
  expect(outcome.why[0]).toMatch(why);
  expectWhole(attempt);
});

test("when all fail, why is told of each, and what was received stays", async () => {
  const attempt = await prepare(LAST_DIGITS, {
    a: [cutAfter(1000), status(404)],
    b: [status(403)],
    c: [page("<html>")],
  });
  const { from, why } = await attempt.fetch();
  expect(from).toBeNull();
  expect(why).toEqual([
    "the server answers 404",
    "the server answers 403",
    "the server sends a web page instead of the file",
  ]);
  expect(existsSync(attempt.file)).toBe(false);
  expect(readFileSync(`${attempt.file}.part`)).toEqual(CONTENT.subarray(0, 1000));
  attempt.server.answers.clear();
  expect((await attempt.fetch()).from).toBe("a");
  expect(attempt.server.asked.at(-1)).toBe("a bytes=1000-");
  expectWhole(attempt);
});

test("a short pause that a server asks for is made", async () => {
  const attempt = await prepare(LAST_DIGITS, { a: [status(503, { "retry-after": "0" }), whole] });
  expect((await attempt.fetch()).from).toBe("a");
  expect(attempt.steps).toContain("the server answers 503 and asks to wait 0 s");
});

describe("what one mirror has begun", () => {
  test("is gone on from on the next, where a checksum tells whether it fits", async () => {
    const attempt = await prepare(LAST_DIGITS, { a: [cutAfter(1000), status(404)] });
    expect((await attempt.fetch()).from).toBe("b");
    expect(attempt.server.asked).toEqual(["a", "a bytes=1000-", "b bytes=1000-"]);
    expectWhole(attempt);
  });

  test("is begun anew where nothing would tell", async () => {
    const attempt = await prepare({}, { a: [withHeaders({ etag: '"1"' }, cutAfter(1000)), status(404)] });
    expect((await attempt.fetch()).from).toBe("b");
    expect(attempt.server.asked).toEqual(["a", "a bytes=1000-", "b"]);
    expectWhole(attempt);
  });

  test("is thrown away if it does not fit, and the next gives the whole", async () => {
    const attempt = await prepare(LAST_DIGITS, {});
    writeFileSync(`${attempt.file}.part`, OTHER.subarray(0, 1000));
    expect((await attempt.fetch()).from).toBe("a");
    expect(attempt.server.asked).toEqual(["a bytes=1000-", "a"]);
    expectWhole(attempt);
  });

  test("is not put together with a file of another size", async () => {
    const attempt = await prepare(LAST_DIGITS, {
      a: [
        (response) => {
          response.writeHead(200, { "content-length": 7000 });
          response.write(OTHER.subarray(0, 1000), () => response.destroy());
        },
        status(404),
      ],
    });
    expect((await attempt.fetch()).from).toBe("b");
    expect(attempt.server.asked).toEqual(["a", "a bytes=1000-", "b bytes=1000-", "b"]);
    expect(attempt.steps).toContain("the server's file has 5000 bytes, and what is there is of one with 7000");
    expectWhole(attempt);
  });
});

describe("a file without a known checksum", () => {
  const cut = (validator: Record<string, string>) => withHeaders(validator, cutAfter(1000));

  test.each([
    ["a strong ETag", { etag: '"one"' }, '"one"'],
    [
      "the date of its last change",
      { "last-modified": "Thu, 27 Aug 2020 10:00:00 GMT" },
      "Thu, 27 Aug 2020 10:00:00 GMT",
    ],
    ["Google's checksum", { "x-goog-hash": "crc32c=AAAAAA==" }, undefined],
  ])("is gone on from where the server names its version: %s", async (_, validator, condition) => {
    const asked: (string | undefined)[] = [];
    const rest: Answer = (response, content, request) => {
      asked.push(request.headers["if-range"] as string | undefined);
      withHeaders(validator)(response, content, request);
    };
    const attempt = await prepare({}, { a: [cut(validator), rest] });
    expect((await attempt.fetch()).from).toBe("a");
    expect(attempt.server.asked).toEqual(["a", "a bytes=1000-"]);
    expect(asked).toEqual([condition]);
    expectWhole(attempt);
  });

  test.each([
    ["names none", {}],
    ["names only a weak one", { etag: 'W/"one"' }],
  ])("is begun anew where the server %s", async (_, validator) => {
    const attempt = await prepare({}, { a: [cut(validator), withHeaders(validator)] });
    expect((await attempt.fetch()).from).toBe("a");
    expect(attempt.server.asked).toEqual(["a", "a"]);
    expectWhole(attempt);
  });

  test("is begun anew where the server has another version, whether it honours If-Range or not", async () => {
    for (const next of [withHeaders({ etag: '"two"' }, ignoreRange), withHeaders({ etag: '"two"' })]) {
      const attempt = await prepare({}, { a: [cut({ etag: '"one"' }), next, withHeaders({ etag: '"two"' })] });
      attempt.server.files.set("a", CONTENT);
      expect((await attempt.fetch()).from ?? "b").toMatch(/[ab]/);
      expectWhole(attempt);
    }
  });

  test("is gone on from by a later command, which has only what lies in the folder", async () => {
    const named = { etag: '"one"' };
    const attempt = await prepare({}, { a: [cut(named), status(404)], b: [status(404)], c: [status(404)] });
    expect((await attempt.fetch()).from).toBeNull();
    attempt.server.answers.set("a", [withHeaders(named)]);
    expect((await attempt.fetch()).from).toBe("a");
    expect(attempt.server.asked.at(-1)).toBe("a bytes=1000-");
    expectWhole(attempt);
  });

  test.each(["", "{", '{"address":1}', "null"])("is begun anew where the note of its origin is %j", async (note) => {
    const attempt = await prepare({});
    writeFileSync(`${attempt.file}.part`, OTHER.subarray(0, 1000));
    writeFileSync(`${attempt.file}.part.json`, note);
    expect((await attempt.fetch()).from).toBe("a");
    expect(attempt.server.asked).toEqual(["a"]);
    expectWhole(attempt);
  });
});

test("what came whole before the command ended is only checked", async () => {
  const attempt = await prepare();
  writeFileSync(`${attempt.file}.part`, CONTENT);
  expect((await attempt.fetch()).from).toBe("a");
  // Without a note of its size, the server is asked where the file ends.
  expect(attempt.server.asked).toEqual(["a bytes=5000-"]);
  expectWhole(attempt);
});

test("an interruption ends it at once and asks no further mirror", async () => {
  const controller = new AbortController();
  const attempt = await prepare(LAST_DIGITS, {
    a: [
      (response, content) => {
        response.writeHead(200, { "content-length": content.length });
        response.write(content.subarray(0, 1000), () => setTimeout(() => controller.abort(), 20));
      },
    ],
  });
  await expect(attempt.fetch(controller.signal)).rejects.toThrow();
  expect(attempt.server.asked).toEqual(["a"]);
  expect(readFileSync(`${attempt.file}.part`)).toEqual(CONTENT.subarray(0, 1000));
});

test("a folder that can't be written is no mirror's fault", async () => {
  const attempt = await prepare();
  const blocked = path.join(attempt.folder, "in the way");
  writeFileSync(blocked, "");
  const failed = fetchFromMirrors(
    { file: path.join(blocked, "file.bin"), bytes: null, most: 10_000 },
    [{ kind: "http", address: attempt.server.address("a") }],
    {
      patience: { attempts: 1, pauseMs: 1, idleMs: 200 },
      signal: new AbortController().signal,
      onBytes: () => {},
      onRetry: () => {},
    },
    () => {},
  );
  await expect(failed).rejects.toThrow(HarnessError);
  await expect(failed).rejects.toMatchObject({ code: "NAS_WRITE_FAILED" });
});
