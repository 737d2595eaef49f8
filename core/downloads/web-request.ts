import { type AgentOptions, type IncomingMessage, Agent as PlainAgent, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as SecureAgent } from "node:https";
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

/** Asks for a file: gives the first answer that is no redirect. */
export type Opener = (address: string, asked: WebRequest) => Promise<IncomingMessage>;

/** What to do about an address that leads to something else. */
export const ADDRESS_ADVICE = "look whether the address in sources.json is still right";

/** The error for a file that can't be had from its address. */
export function downloadFailure(what: string, address: string, next: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_DOWNLOAD", { what, where: address, next, cause });
}

/** Hosts that no proxy can reach: this machine, for itself. */
const LOCAL_HOSTS: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/**
 * How an address is reached: by the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, if any (Node.js 22.21, 24.5 and later;
 * older ones go straight). A connection of its own: a kept one that the server has just closed would look like a failure.
 */
function agentFor({ protocol, hostname }: URL): PlainAgent {
  const proxy = LOCAL_HOSTS.includes(hostname) ? {} : { proxyEnv: process.env };
  const options: AgentOptions = { keepAlive: false, ...proxy };
  return protocol === "https:" ? new SecureAgent(options) : new PlainAgent(options);
}

/** Asks once, without following redirects. Rejects with the system's error. */
function ask(address: URL, { headers, idleMs, signal }: WebRequest): Promise<IncomingMessage> {
  const send = address.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = { headers: { connection: "close", ...headers }, agent: agentFor(address), signal, timeout: idleMs };
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
  const next = ADDRESS_ADVICE;
  const target = URL.canParse(location ?? "", from.href) ? new URL(location ?? "", from) : null;
  if (location === undefined || target === null || !["http:", "https:"].includes(target.protocol))
    throw downloadFailure(`the server redirects to something that is no web address: ${location}`, start, next);
  if (from.protocol === "https:" && target.protocol === "http:")
    throw downloadFailure(`the server redirects from https to http: ${target.href}`, start, next);
  return target;
}

/**
 * Asks for an address and follows redirects. The body is not read and not decoded: whoever calls gets the bytes that were sent.
 * @returns the first answer that is no redirect, of any status, and the address that gave it
 * @throws NAS_DOWNLOAD for a redirect that is not followed; the system's error if there is no answer
 */
export async function openAndLocate(
  address: string,
  asked: WebRequest,
): Promise<{ response: IncomingMessage; at: URL }> {
  let at = new URL(address);
  for (let followed = 0; ; followed++) {
    const response = await ask(at, asked);
    if (!REDIRECTS.includes(response.statusCode ?? 0)) return { response, at };
    // The body of a redirect is of no use; without this the connection would stay open.
    response.destroy();
    if (followed === MOST_REDIRECTS)
      throw downloadFailure(`the server redirects more than ${MOST_REDIRECTS} times`, address, ADDRESS_ADVICE);
    at = redirectTarget(at, response.headers.location, address);
  }
}

/** As {@link openAndLocate}, the answer alone. */
export const openAddress: Opener = async (address, asked) => (await openAndLocate(address, asked)).response;
