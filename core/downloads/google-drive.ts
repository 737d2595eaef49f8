import type { IncomingMessage } from "node:http";
import { pageIn, titleOf, unescapeHtml } from "./web-page.ts";
import { downloadFailure, type Opener, openAndLocate, redirectTarget, type WebRequest } from "./web-request.ts";

const BROWSER_ADVICE = "open the address in a browser; a Google account that is signed in may still be given the file";

/** Attributes of a tag by lower-case name. */
function attributesOf(tag: string): Map<string, string> {
  const pairs = tag.matchAll(/([a-z][\w-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi);
  return new Map(
    [...pairs].map(([, name = "", double, single, bare]) => [
      name.toLowerCase(),
      unescapeHtml(double ?? single ?? bare ?? ""),
    ]),
  );
}

/** The address that the form of a page leads to, with its hidden fields (`confirm`, `uuid`, …) as the query. */
function addressOfForm(page: string): string | null {
  for (const [form] of page.matchAll(/<form\b[\s\S]*?<\/form>/gi)) {
    const [tag = ""] = /^<form\b[^>]*>/i.exec(form) ?? [];
    const attributes = attributesOf(tag);
    const action = attributes.get("action");
    const fields = [...form.matchAll(/<input\b[^>]*>/gi)]
      .map(([input]) => attributesOf(input))
      .filter((input) => input.has("name") && input.get("type") !== "submit")
      .map((input): [string, string] => [input.get("name") ?? "", input.get("value") ?? ""]);
    const isDownload = attributes.get("id") === "download-form" || fields.some(([name]) => name === "confirm");
    if (action === undefined || !isDownload) continue;
    const query = new URLSearchParams(fields).toString();
    return `${action}${action.includes("?") ? "&" : "?"}${query}`;
  }
  return null;
}

/** The address of a link that carries a confirmation, as older pages had it. */
function addressOfLink(page: string): string | null {
  for (const [tag] of page.matchAll(/<a\b[^>]*>/gi)) {
    const href = attributesOf(tag).get("href");
    if (href !== undefined && /[?&]confirm=/.test(href)) return href;
  }
  return null;
}

/**
 * Where the page leads that Google shows in place of a file that is too large for its virus scan.
 * @returns null if it is another page
 */
export function confirmedAddress(page: string): string | null {
  return addressOfForm(page) ?? addressOfLink(page);
}

/** What another page than the confirmation means, as a sentence. */
function meaningOf(page: string, at: URL): string {
  if (/quota exceeded|too many users have viewed or downloaded|download quota/i.test(page))
    return "Google Drive's limit of downloads for this file is used up; it is lifted within about 24 hours";
  if (at.hostname === "accounts.google.com" || /accounts\.google\.com\/[^"']*signin/i.test(page))
    return "Google Drive asks for a sign-in: the file is not public, or not any more";
  return `Google Drive sends a web page${titleOf(page)} instead of the file`;
}

/** The cookies that an answer sets, as a request sends them back. */
function cookiesOf({ headers }: IncomingMessage): Record<string, string> {
  const cookies = (headers["set-cookie"] ?? []).map((cookie) => cookie.split(";", 1)[0] ?? "");
  return cookies.length === 0 ? {} : { cookie: cookies.join("; ") };
}

/** Refuses a page; for a status that is an error, only one whose meaning is known. @throws NAS_DOWNLOAD */
function refusePage(page: string, at: URL, address: string): never {
  throw downloadFailure(meaningOf(page, at), address, BROWSER_ADVICE);
}

/**
 * Asks Google Drive for a file. Large ones come only after a page that says that they can't be scanned for viruses; its
 * form is sent as a browser would.
 * @param address `https://drive.google.com/uc?export=download&id=…`, or one of a server that behaves like it
 * @throws NAS_DOWNLOAD if Google shows another page, and what the request throws
 */
export const openGoogleDrive: Opener = async (address: string, asked: WebRequest) => {
  const { response, at } = await openAndLocate(address, asked);
  const page = await pageIn(response);
  if (page === null) return response;
  const target = response.statusCode === 200 ? confirmedAddress(page) : null;
  if (target === null) {
    // Google says "too many downloads" under several statuses; what else an error's page says is of no use.
    const isQuota = meaningOf(page, at).includes("limit of downloads");
    if (response.statusCode === 200 || isQuota) refusePage(page, at, address);
    return response;
  }
  const confirmed = redirectTarget(at, target, address);
  const cookies = confirmed.host === at.host ? cookiesOf(response) : {};
  const second = await openAndLocate(confirmed.href, { ...asked, headers: { ...asked.headers, ...cookies } });
  const secondPage = await pageIn(second.response);
  if (secondPage === null) return second.response;
  return refusePage(secondPage, second.at, address);
};
