import type { IncomingMessage } from "node:http";
import { downloadFailure, type Opener, openAndLocate } from "./web-request.ts";

/** Characters of a page that are read: notices of download sites are short. */
const MOST_PAGE_BYTES = 1 << 20;

/** How a web page starts. No file of a benchmark does. */
const PAGE_START = /^\s*<(!doctype\s+html|html|head|body)\b/i;
const MARKUP_START = /^\s*</;

/** Looks at the first bytes of a body and leaves them in it; null if it has none. @throws the system's error */
async function firstBytes(response: IncomingMessage): Promise<Buffer | null> {
  await new Promise<void>((resolve, reject) => {
    const events = { readable: resolve, end: resolve, close: resolve, error: reject };
    const stop = () => {
      for (const [name, listener] of Object.entries(events)) response.off(name, listener);
    };
    for (const [name, listener] of Object.entries(events)) response.on(name, listener);
    for (const name of Object.keys(events)) response.once(name, stop);
  });
  const chunk = response.read() as Buffer | null;
  if (chunk !== null) response.unshift(chunk);
  return chunk;
}

/** True for bytes that are the beginning of a web page. @param isCalledPage whether something else says so too */
export function startsLikePage(bytes: Uint8Array, isCalledPage = false): boolean {
  const start = Buffer.from(bytes.subarray(0, 512)).toString("utf8");
  return PAGE_START.test(start) || (isCalledPage && MARKUP_START.test(start));
}

/**
 * The text of an answer that is a web page, by its content: servers send pages under any type, and with status 200. The body
 * of anything else is left as it was.
 * @returns null if it is no page
 * @throws the system's error
 */
export async function pageIn(response: IncomingMessage): Promise<string | null> {
  const start = await firstBytes(response);
  const isCalledPage = /^(text\/html|application\/xhtml)/i.test(response.headers["content-type"] ?? "");
  if (start === null || !startsLikePage(start, isCalledPage)) return null;
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    received += chunk.length;
    if (received > MOST_PAGE_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Text of HTML without its entities. */
export function unescapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** A page's title in quotes, or nothing if it has none: ` "Sign in"`. */
export function titleOf(page: string): string {
  const [, title] = /<title[^>]*>([^<]{1,300})/i.exec(page) ?? [];
  const text = unescapeHtml(title ?? "")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" ? "" : ` "${text.slice(0, 100)}"`;
}

/** Asks for a file that is never a web page. @throws NAS_DOWNLOAD if the server sends one, and what the request throws */
export const openFile: Opener = async (address, asked) => {
  const { response } = await openAndLocate(address, asked);
  if (response.statusCode !== 200) return response;
  const page = await pageIn(response);
  if (page === null) return response;
  throw downloadFailure(
    `the server sends a web page${titleOf(page)} instead of the file`,
    address,
    "open the address in a browser and look what it asks for",
  );
};
