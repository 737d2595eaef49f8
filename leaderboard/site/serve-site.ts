import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { HarnessError, messageOf } from "../../core/errors/harness-error.ts";
import { OVERVIEW_NAME } from "./links.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json; charset=utf-8",
};

/** This machine only: a site that is being written is nobody else's business. */
const HOST = "127.0.0.1";

/** A site that is being served. */
export interface ServedSite {
  /** Address of the overview. */
  readonly address: string;
  /** Ends the server and its connections. */
  readonly close: () => Promise<void>;
}

/**
 * The file that a request asks for, an absolute path below `folder`; null where the address is malformed, leads outside,
 * into a hidden folder, or to no file.
 */
export function requestedFile(folder: string, url: string): string | null {
  let place: string;
  try {
    place = decodeURIComponent(url.split(/[?#]/)[0] as string);
  } catch {
    return null;
  }
  if (!place.startsWith("/") || place.includes("\0") || place.includes("\\")) return null;
  const parts = place.slice(1).split("/");
  // Parts that begin with a dot are the way up, and the folder of what is kept between builds.
  if (parts.some((part) => part.startsWith("."))) return null;
  const file = path.resolve(folder, ...parts, ...(place.endsWith("/") ? [OVERVIEW_NAME] : []));
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : null;
}

function respond(folder: string, { method, url = "", headers }: IncomingMessage, response: ServerResponse): void {
  const refuse = (status: number, text: string) =>
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  // A page of another site could reach this one under a name of its own that leads here.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "")) return void refuse(403, "no such host");
  if (method !== "GET" && method !== "HEAD") return void refuse(405, "only GET and HEAD");
  const file = requestedFile(folder, url);
  if (file === null) return void refuse(404, "there is no such file in this site");
  const { size } = statSync(file);
  response.writeHead(200, {
    "content-type": TYPES[path.extname(file)] ?? "text/plain; charset=utf-8",
    "content-length": size,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  if (method === "HEAD" || size === 0) response.end();
  else
    createReadStream(file, { end: size - 1 })
      .on("error", () => response.destroy())
      .pipe(response);
}

/**
 * Serves a folder on this machine, files as they are at each request.
 * @param port 0: any that is free
 * @throws NAS_USAGE if the port can't be had
 */
export async function serveSite(folder: string, port: number): Promise<ServedSite> {
  const server: Server = createServer((request, response) => respond(folder, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new HarnessError("NAS_USAGE", {
          what: `port ${port} can't be had: ${messageOf(cause)}`,
          where: "--port",
          allowed: "a free port from 1024 to 65535, or 0 for any",
          next: "name another port",
          cause,
        }),
      ),
    );
    server.listen(port, HOST, resolve);
  });
  const { port: own } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address: `http://${HOST}:${own}/${OVERVIEW_NAME}`, close };
}
