import { ByteWindow } from "./byte-window.ts";
import type { StreamedDict } from "./entry-stream.ts";
import { PickleMachine, type PickleOptions } from "./pickle-machine.ts";
import { type Recalls, ReleasedValue } from "./pickle-memo.ts";
import type { PickleValue } from "./pickle-values.ts";
import { RecallScan } from "./recall-scan.ts";

/** Pickles that come one behind the other in a stream of bytes of any size. */
export class PickleStream {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #window: ByteWindow;

  /** @param file for errors */
  constructor(chunks: AsyncIterable<Uint8Array>, file: string) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#window = new ByteWindow(new Uint8Array(0), file, false);
  }

  /** Bytes that have been read. */
  get position(): number {
    return this.#window.position;
  }

  /** Supplies the window with what the last opcode lacked, or says that nothing more comes. */
  async #pull(): Promise<void> {
    const chunks: Uint8Array[] = [];
    for (let missing = this.#window.missing; missing > 0; ) {
      const { done, value } = await this.#chunks.next();
      if (done === true) {
        this.#window.complete();
        break;
      }
      chunks.push(value);
      missing -= value.length;
    }
    this.#window.supply(chunks);
  }

  /** Reads the next pickle. @throws NAS_PICKLE */
  async read(options: PickleOptions = {}): Promise<PickleValue> {
    const machine = new PickleMachine(this.#window, options);
    for (;;) {
      const value = machine.run();
      if (value !== undefined) return value;
      await this.#pull();
    }
  }

  /** Reads the next pickle and pauses whenever more bytes have to come. @throws NAS_PICKLE, ReleasedValue */
  async *steps(options: PickleOptions, recalls: Recalls | null): AsyncGenerator<void, PickleValue> {
    const machine = new PickleMachine(this.#window, options, recalls);
    for (;;) {
      const value = machine.run();
      if (value !== undefined) return value;
      yield;
      await this.#pull();
    }
  }

  /** Ids that the next pickle recalls. @throws NAS_PICKLE */
  async recalls(): Promise<Recalls> {
    const scan = new RecallScan(this.#window);
    while (!scan.run()) await this.#pull();
    return scan.recalls;
  }

  /** Reads to the end of the bytes, so that their source checks them. */
  async drain(): Promise<void> {
    while ((await this.#chunks.next()).done !== true);
  }

  /** Closes the source of the bytes. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** A pickle whose outermost dict holds a dict that is handed out entry by entry. */
export interface EntrySource<T> extends Omit<PickleOptions, "streamed"> {
  /** For errors. */
  readonly file: string;
  /** Opens the bytes from the start; called again if the pickle has to be read again. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Reads what comes before the pickle. */
  readonly before?: (stream: PickleStream) => Promise<void>;
  /** Reads what comes behind the pickle. Bytes that are left then are passed over. */
  readonly after?: (stream: PickleStream) => Promise<void>;
  /** Key of the streamed dict. */
  readonly key: string;
  /** Called when the streamed dict begins, with the entries of the outermost dict before it. */
  readonly begin: StreamedDict["begin"];
  /** Makes of an entry what is yielded. */
  readonly convert: (key: PickleValue, value: PickleValue) => T;
}

/**
 * Streams the entries of one dict of a pickle, each as soon as it is complete, in memory that does not grow with the file.
 * A pickle in which an entry refers to values of an earlier one is read three times: as far as that entry, once for all such
 * references, and again with what they mean kept.
 * @returns the outermost dict, in which the streamed dict is empty
 * @throws NAS_PICKLE, and what the source throws
 */
export async function* streamEntries<T>(source: EntrySource<T>): AsyncGenerator<T, PickleValue> {
  let handedOut = 0;
  const pass = async function* (recalls: Recalls | null): AsyncGenerator<T, PickleValue> {
    const stream = new PickleStream(source.open(), source.file);
    let waiting: T[] = [];
    let count = 0;
    const streamed: StreamedDict = {
      key: source.key,
      begin: source.begin,
      entry(key, value) {
        count++;
        if (count > handedOut) waiting.push(source.convert(key, value));
      },
    };
    const flush = function* () {
      const ready = waiting;
      waiting = [];
      for (const item of ready) {
        handedOut++;
        yield item;
      }
    };
    try {
      await source.before?.(stream);
      const steps = stream.steps({ ...source, streamed }, recalls);
      for (;;) {
        const step = await steps.next();
        yield* flush();
        if (step.done !== true) continue;
        await source.after?.(stream);
        await stream.drain();
        return step.value;
      }
    } catch (thrown) {
      yield* flush();
      throw thrown;
    } finally {
      await stream.close();
    }
  };
  try {
    return yield* pass(null);
  } catch (thrown) {
    if (!(thrown instanceof ReleasedValue)) throw thrown;
  }
  return yield* pass(await scanRecalls(source));
}

async function scanRecalls<T>({ open, before, file }: EntrySource<T>): Promise<Recalls> {
  const stream = new PickleStream(open(), file);
  try {
    await before?.(stream);
    return await stream.recalls();
  } finally {
    await stream.close();
  }
}
