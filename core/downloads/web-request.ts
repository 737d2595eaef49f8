import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { HarnessError } from "../errors/harness-error.ts";

/** Redirects that are followed in a row. Browsers stop at 20; a download site needs one or two. */
const MOST_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** What is asked besides the address. */
export interface WebRequest {
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly idleMs: number;
  /** Aborted: the request ends at once. */
  readonly signal: AbortSignal;
}

/** The error for a file that can't be had from its address. */
export function downloadFailure(what: string, address: string, next: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_DOWNLOAD", { what, where: address, next, cause });
}

/** Asks once, without following redirects. Rejects with the system's error. */
function ask(address: URL, { headers, idleMs, signal }: WebRequest): Promise<IncomingMessage> {
  const send = address.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // A connection of its own: a kept one that the server has just closed would look like a failure.
    const options = { headers: { connection: "close", ...headers }, signal, timeout: idleMs };
    const sent = send(address, options, resolve);
    sent.on("error", reject);
    sent.on("timeout", () => sent.destroy(new Error(`nothing was received for ${idleMs / 1000} s`)));
    sent.end();
  });
}

/**
 * Where a redirect leads.
 * @param start the address that was asked for first, for errors
 * @throws NAS_DOWNLOAD if it is no address, or a step down from https to http
 */
export function redirectTarget(from: URL, location: string | undefined, start: string): URL {
  const next = "look whether the address in the dataset's sources.json is still right";
  const target = URL.canParse(location ?? "", from.href) ? new URL(location ?? "", from) : null;
  if (location === undefined || target === null || !["http:", "https:"].includes(target.protocol))
    throw downloadFailure(`the server redirects to something that is no web address: ${location}`, start, next);
  if (from.protocol === "https:" && target.protocol === "http:")
    throw downloadFailure(`the server redirects from https to http: ${target.href}`, start, next);
  return target;
}

/**
 * Asks for an address and follows redirects. The body is not read and not decoded: whoever calls gets the bytes that were sent.
 * @returns the first answer that is no redirect, of any status
 * @throws NAS_DOWNLOAD for a redirect that is not followed; the system's error if there is no answer
 */
export async function openAddress(address: string, asked: WebRequest): Promise<IncomingMessage> {
  let at = new URL(address);
  for (let followed = 0; ; followed++) {
    const response = await ask(at, asked);
    if (!REDIRECTS.includes(response.statusCode ?? 0)) return response;
    // The body of a redirect is of no use; without this the connection would stay open.
    response.destroy();
    if (followed === MOST_REDIRECTS) {
      const next = "look whether the address in the dataset's sources.json is still right";
      throw downloadFailure(`the server redirects more than ${MOST_REDIRECTS} times`, address, next);
    }
    at = redirectTarget(at, response.headers.location, address);
  }
}
