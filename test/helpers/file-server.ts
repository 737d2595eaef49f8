import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a server does with a request for a file. */
export type Answer = (response: ServerResponse, content: Buffer, request: IncomingMessage) => void;

/** A server on this machine that a test scripts. */
export interface FileServer {
  /** Address of a file. */
  readonly address: (place: string) => string;
  /** What was asked for, with the range if there was one: `a.bin` or `a.bin bytes=5-`. */
  readonly asked: string[];
  /** The files, by place. */
  readonly files: Map<string, Buffer>;
  /** What to do instead of giving the file, a queue by place; the last answer is not used up. */
  readonly answers: Map<string, Answer[]>;
}

/** The first byte that a request asks for. */
function firstByte({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
}

/** Gives a file as a good server does: the part that was asked for. */
export const whole: Answer = (response, content, request) => {
  const start = firstByte(request);
  if (start >= content.length && start > 0) {
    response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    return;
  }
  const rest = content.subarray(start);
  const range = start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, { "content-length": rest.length, ...range }).end(rest);
};

/** Gives so many bytes of what was asked for, then cuts the connection. */
export function cutAfter(bytes: number): Answer {
  return (response, content, request) => {
    const start = firstByte(request);
    const range = start > 0 ? { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { "content-length": content.length - start, ...range });
    response.write(content.subarray(start, start + bytes), () => response.destroy());
  };
}

/** Gives the whole file whatever was asked for. */
export const ignoreRange: Answer = (response, content) => {
  response.writeHead(200, { "content-length": content.length }).end(content);
};

/** Answers with a status and nothing else. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(code, headers).end();
  };
}

/** Answers with a web page. */
export function page(html: string, code = 200, headers: Readonly<Record<string, string | string[]>> = {}): Answer {
  return (response) => {
    response.writeHead(code, { "content-type": "text/html; charset=utf-8", ...headers }).end(html);
  };
}

/** Answers as `answer` does, with more header fields. */
export function withHeaders(headers: Readonly<Record<string, string>>, answer: Answer = whole): Answer {
  return (response, content, request) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(response, content, request);
  };
}

/** Starts a server that ends with the test. */
export async function startFileServer(files: Readonly<Record<string, Buffer>> = {}): Promise<FileServer> {
  const started = {
    asked: [] as string[],
    files: new Map(Object.entries(files)),
    answers: new Map<string, Answer[]>(),
  };
  const server = createServer((request, response) => {
    const place = (request.url ?? "").slice(1);
    const { range } = request.headers;
    started.asked.push(range === undefined ? place : `${place} ${range}`);
    const queue = started.answers.get(place) ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    const content = started.files.get(place);
    if (answer !== undefined) answer(response, content ?? Buffer.alloc(0), request);
    else if (content === undefined) status(404)(response, Buffer.alloc(0), request);
    else whole(response, content, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { ...started, address: (place) => `http://127.0.0.1:${port}/${place}` };
}
