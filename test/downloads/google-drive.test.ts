import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { confirmedAddress } from "../../core/downloads/google-drive.ts";
import { fetchFromMirrors } from "../../core/downloads/mirrors.ts";
import { type Answer, cutAfter, page, startFileServer, status, whole } from "../helpers/file-server.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const CONTENT = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 11) % 256));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
const START = "uc?export=download&id=abc";
const CONFIRMED = "download?id=abc&export=download&confirm=t&uuid=1f-2e";

/** The page before a large file, in the form that Google gives it today. */
const FORM = (
  action: string,
) => `<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
  <form action="/search"><input name="q" value="no"></form>
  <form id="download-form" action="${action}" method="get"><input type="submit" name="go" value="Download anyway"/>
  <input type="hidden" name="id" value="abc"><input value="download" type='hidden' name='export'>
  <input type=hidden name=confirm value=t><input type="hidden" name="uuid" value="1f-2e"></form></body></html>`;

/** A server that behaves like Google Drive for one large file. @param first what it does before the confirmation */
async function startDrive(first: readonly Answer[], second: readonly Answer[] = [whole]) {
  const server = await startFileServer({ [START]: CONTENT, [CONFIRMED]: CONTENT });
  server.answers.set(START, [...first]);
  server.answers.set(CONFIRMED, [...second]);
  const file = path.join(temporaryFolder(), "file.bin");
  const fetch = async () => {
    const { mirror, failures } = await fetchFromMirrors(
      {
        file,
        bytes: null,
        most: 10_000,
        checksums: [{ algorithm: "sha256", digits: "first", value: SHA256.slice(0, 8) }],
      },
      [{ kind: "google-drive", address: server.address(START) }],
      {
        patience: { attempts: 3, pauseMs: 1, idleMs: 300 },
        signal: new AbortController().signal,
        onBytes: () => {},
        onRetry: () => {},
      },
      () => {},
    );
    return mirror === null ? failures.map(({ why }) => why).join() : "fetched";
  };
  return { server, file, fetch };
}

test("a small file comes at once", async () => {
  const { server, file, fetch } = await startDrive([whole]);
  expect(await fetch()).toBe("fetched");
  expect(server.asked).toEqual([START]);
  expect(readFileSync(file)).toEqual(CONTENT);
});

test("a large one comes after the form was sent, behind a redirect, and is resumed the same way", async () => {
  const { server, file, fetch } = await startDrive([status(303, { location: "/warning" })], [cutAfter(1000), whole]);
  server.answers.set("warning", [page(FORM("/download"))]);
  expect(await fetch()).toBe("fetched");
  const range = "bytes=1000-";
  expect(server.asked).toEqual([
    START,
    "warning",
    CONFIRMED,
    `${START} ${range}`,
    `warning ${range}`,
    `${CONFIRMED} ${range}`,
  ]);
  expect(readFileSync(file)).toEqual(CONTENT);
});

test("the older page has a link, and a cookie that is sent back to the same server only", async () => {
  const cookies: (string | undefined)[] = [];
  const second: Answer = (response, content, request) => {
    cookies.push(request.headers.cookie);
    whole(response, content, request);
  };
  const link = `<html><a id="uc-download-link" class="x" href="/${CONFIRMED.replaceAll("&", "&amp;")}">Download anyway</a>`;
  const headers = { "set-cookie": ["download_warning_1=t; Path=/; Secure", "NID=2; HttpOnly"] };
  const { server, file, fetch } = await startDrive([page(link, 200, headers)], [second]);
  expect(await fetch()).toBe("fetched");
  expect(cookies).toEqual(["download_warning_1=t; NID=2"]);
  expect(readFileSync(file)).toEqual(CONTENT);
  const elsewhere = server.address(CONFIRMED).replace("127.0.0.1", "localhost");
  server.answers.set(START, [page(link.replace(`/${CONFIRMED.replaceAll("&", "&amp;")}`, elsewhere), 200, headers)]);
  const other = await startDrive([page(`<html><a href="${elsewhere}">x</a>`, 200, headers)]);
  await other.fetch();
  expect(cookies.slice(1)).toEqual([undefined]);
});

test.each<[string, Answer, RegExp]>([
  [
    "the limit of downloads",
    page(
      "<html><title>Google Drive - Quota exceeded</title><p>Sorry, you can't view or download this file at this time.",
    ),
    /^Google Drive's limit of downloads for this file is used up; it is lifted within about 24 hours$/,
  ],
  [
    "the limit of downloads, under a status that would pass",
    page("<!doctype html>Too many users have viewed or downloaded this file recently.", 429),
    /limit of downloads/,
  ],
  [
    "a sign-in",
    page('<html><title>Sign in</title><a href="https://accounts.google.com/v3/signin/identifier">'),
    /asks for a sign-in: the file is not public/,
  ],
  [
    "another page",
    page("<html><title>Google &ndash; Dr&#105;ve</title>"),
    /sends a web page "Google &ndash; Drive" instead/,
  ],
  ["no such file", page("<html><title>Not found</title>", 404), /^the server answers 404$/],
  ["an error", page("<html><title>Error</title>", 500), /in 3 attempts; the last one: the server answers 500$/],
  [
    "a form that leads nowhere",
    page(FORM("ftp://drive.example.org/")),
    /redirects to something that is no web address: ftp:/,
  ],
])("%s is told in words", async (_, answer, why) => {
  const { fetch, server } = await startDrive([answer]);
  expect(await fetch()).toMatch(why);
  expect(server.asked).not.toContain(CONFIRMED);
});

test("a page after the confirmation is not confirmed again", async () => {
  const { fetch, server } = await startDrive([page(FORM("/download"))], [page(FORM("/download"))]);
  expect(await fetch()).toBe('Google Drive sends a web page "Google Drive - Virus scan warning" instead of the file');
  expect(server.asked).toEqual([START, CONFIRMED]);
});

test.each([
  ["<html>", null],
  ["<form action='/login'><input name='password'></form>", null],
  ["<form><input name='confirm' value='t'></form>", null],
  [
    "<form action='/d?a=1&amp;b=2'><input name='confirm' value='&quot;t&quot; &#x41;'></form>",
    "/d?a=1&b=2&confirm=%22t%22+A",
  ],
  ["<a href='/uc?export=download&amp;confirm=Xy-1&amp;id=abc'>", "/uc?export=download&confirm=Xy-1&id=abc"],
])("the confirmation of %j leads to %j", (html, address) => {
  expect(confirmedAddress(html)).toBe(address);
});
