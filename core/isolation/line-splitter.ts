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
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#takeLine());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
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
    if (this.#restBytes > LONGEST_LINE_BYTES) {
      throw broken(`the method sent a line of more than ${LONGEST_LINE_BYTES} bytes`);
    }
  }

  #takeLine(): string {
    const bytes = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw broken("the method sent bytes that are no UTF-8");
    }
  }
}
