import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Bzip2Block } from "./block-splitter.ts";
import type { BlockRequest } from "./block-worker.ts";

const WORKER_FILE = path.join(import.meta.dirname, `block-worker${path.extname(import.meta.filename)}`);
/** More threads than this would outrun any reader. */
const MOST_THREADS = 8;

interface Waiting {
  readonly resolve: (content: Uint8Array | string) => void;
  readonly reject: (error: Error) => void;
}

/** A thread that unpacks blocks, one after the other in the order in which they come. */
class BlockThread {
  readonly #worker = new Worker(WORKER_FILE);
  readonly #waiting: Waiting[] = [];
  #failure: Error | null = null;

  constructor() {
    this.#worker.on("message", (content: Uint8Array | string) => this.#waiting.shift()?.resolve(content));
    this.#worker.on("error", (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", () => this.#fail(new Error("a thread that unpacks ended")));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  unpack({ bytes, level }: Bzip2Block): Promise<Uint8Array | string> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ bytes, level } satisfies BlockRequest, [bytes.buffer as ArrayBuffer]);
    });
  }

  async end(): Promise<void> {
    this.#worker.removeAllListeners();
    await this.#worker.terminate();
  }
}

/** Threads that unpack blocks by turns, as many as the machine has cores. */
export class BlockThreads {
  readonly #threads: BlockThread[];
  #next = 0;

  constructor(count: number = Math.min(availableParallelism(), MOST_THREADS)) {
    this.#threads = Array.from({ length: count }, () => new BlockThread());
  }

  /** Number of threads. */
  get count(): number {
    return this.#threads.length;
  }

  /** What a block holds, or a text that says why it is broken. The block's bytes are gone afterwards. */
  unpack(block: Bzip2Block): Promise<Uint8Array | string> {
    const thread = this.#threads[this.#next % this.count] as BlockThread;
    this.#next++;
    const content = thread.unpack(block);
    // Whoever waits for an earlier block may never get to this one.
    content.catch(() => {});
    return content;
  }

  /** Ends all threads; what was not unpacked is lost. */
  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}
