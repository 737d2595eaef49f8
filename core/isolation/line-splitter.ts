import { HarnessError } from "../errors/harness-error.ts";

/** The longest line of the wire protocol, in bytes. */
export const LONGEST_LINE_BYTES = 65_536;

const LINE_FEED = 10;

function broken(what: string): HarnessError {
  return new HarnessError("NAS_GUEST_MESSAGE", {
    what,
    allowed: `lines of UTF-8 of at most ${LONGEST_LINE_BYTES} bytes`,
    next: "docs/wire-protocol.md shows each message",
  });
}

/** Cuts a stream of bytes into lines, strictly: what is not UTF-8 or has no end is an error. */
export class LineSplitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** The lines that a chunk completes, without line feeds. @throws NAS_GUEST_MESSAGE */
  push(chunk: Buffer): string[] {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last < 0) {
      this.#keep(chunk);
      return [];
    }
    const whole = Buffer.concat([...this.#rest, chunk.subarray(0, last)]);
    this.#rest = [];
    this.#restBytes = 0;
    this.#keep(chunk.subarray(last + 1));
    const lines = this.#decode(whole).split("\n");
    // Only a line that began in an earlier chunk can be longer than a chunk.
    if (lines.some((line) => line.length > LONGEST_LINE_BYTES)) throw this.#tooLong();
    return lines;
  }

  /** Demands that nothing is left over. @throws NAS_GUEST_MESSAGE */
  end(): void {
    if (this.#restBytes > 0) throw broken("the method's last line has no end");
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes > LONGEST_LINE_BYTES) throw this.#tooLong();
  }

  #tooLong(): HarnessError {
    return broken(`the method sent a line of more than ${LONGEST_LINE_BYTES} bytes`);
  }

  #decode(bytes: Buffer): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw broken("the method sent bytes that are no UTF-8");
    }
  }
}
