import path from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { writeFailure } from "../../core/files/atomic-file.ts";
import type { WriteFailure, WriteRequest, WritingData } from "./writing-worker.ts";

const WORKER_FILE = path.join(import.meta.dirname, `writing-worker${path.extname(import.meta.filename)}`);

/** Files on their way: each may hold a third of a megabyte. */
const MOST_WAITING = 64;
/** A thread that ended for a reason of its own writes nothing more. */
const LONGEST_WAIT_MS = 60_000;

/** Writes files in a thread of its own while the next ones are made: creating thousands of files takes as long as that. */
export class WritingThread {
  readonly #done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #port: MessageChannel["port1"];
  readonly #worker: Worker;
  #sent = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: WritingData = { port: port2, done: this.#done };
    this.#worker = new Worker(WORKER_FILE, { workerData, transferList: [port2] });
    // It is waited for where something depends on it; an error elsewhere must not be held up by it.
    this.#worker.unref();
  }

  /** Waits until at most so many files are on their way. @throws NAS_WRITE_FAILED for any file sent before */
  #wait(most: number): void {
    for (let done = Atomics.load(this.#done, 0); this.#sent - done > most; done = Atomics.load(this.#done, 0)) {
      if (Atomics.wait(this.#done, 0, done, LONGEST_WAIT_MS) === "timed-out") {
        throw writeFailure("pages", new Error(`nothing was written for ${LONGEST_WAIT_MS / 1000} s`));
      }
    }
    const received = receiveMessageOnPort(this.#port) as { message: WriteFailure } | undefined;
    if (received === undefined) return;
    const { file, code, message } = received.message;
    throw writeFailure(file, Object.assign(new Error(message), { code }));
  }

  /**
   * Sends a file on its way.
   * @param place where it is put once it is whole; left out: it stays
   * @throws NAS_WRITE_FAILED for this or any file before, or none yet
   */
  write(file: string, content: string | Uint8Array, place = file): void {
    this.#port.postMessage({ file, content, place } satisfies WriteRequest);
    this.#sent++;
    this.#wait(MOST_WAITING);
  }

  /** Waits until all files are written. @throws NAS_WRITE_FAILED */
  finish(): void {
    this.#wait(0);
  }

  /** Ends the thread once all that was sent is written or has failed. */
  end(): void {
    try {
      this.#wait(0);
    } catch {
      // It was thrown where it mattered, or nobody asks any more.
    }
    this.#port.close();
  }
}
