import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type MessagePort, workerData } from "node:worker_threads";

/** A file to be written; the folder is made where it is missing. */
export interface WriteRequest {
  readonly file: string;
  readonly content: string | Uint8Array;
  /** Where it is put once it is whole. */
  readonly place: string;
}

/** What went wrong with a file: an error's code and message, since an error loses its code between threads. */
export interface WriteFailure {
  readonly file: string;
  readonly code: string | undefined;
  readonly message: string;
}

/** What the thread is started with. */
export interface WritingData {
  readonly port: MessagePort;
  /** One number: files that are done, written or not. */
  readonly done: Int32Array<SharedArrayBuffer>;
}

const { port, done } = workerData as WritingData;
const folders = new Set<string>();

function write({ file, content, place }: WriteRequest): void {
  const folder = path.dirname(file);
  if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
  folders.add(folder);
  if (place === file) {
    writeFileSync(file, content);
    return;
  }
  try {
    writeFileSync(file, content);
    renameSync(file, place);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

port.on("message", (request: WriteRequest) => {
  try {
    write(request);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    port.postMessage({ file: request.place, code, message } satisfies WriteFailure);
  }
  // After the failure was sent: whoever waits for the number finds it.
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
});
