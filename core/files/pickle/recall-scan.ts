import { type ByteWindow, OUT_OF_BYTES } from "./byte-window.ts";
import { OPCODE, OPERANDS, type Operand } from "./opcodes.ts";

/** Different values that a pickle may recall; an official file of one piece recalls about a million. */
const MOST_RECALLED = 1 << 22;

/** Goes through the opcodes of a pickle and notes which ids are recalled, and where for the last time. */
export class RecallScan {
  readonly recalls = new Map<number, number>();
  readonly #window: ByteWindow;
  /** Bytes of a text or byte string that are still to be passed over. */
  #left = 0;

  constructor(window: ByteWindow) {
    this.#window = window;
  }

  /** Goes on to the opcode STOP (true), or until more bytes have to be supplied (false). */
  run(): boolean {
    const window = this.#window;
    let start = window.at;
    try {
      for (;;) {
        this.#left = window.skip(this.#left);
        if (this.#left > 0) window.need(1);
        start = window.at;
        const opcode = window.uint8();
        if (opcode === OPCODE.STOP) return true;
        if (opcode === OPCODE.BINGET) this.#note(window.uint8());
        else if (opcode === OPCODE.LONG_BINGET) this.#note(window.uint32());
        else this.#pass(OPERANDS.get(opcode));
      }
    } catch (thrown) {
      if (thrown !== OUT_OF_BYTES) throw thrown;
      if (this.#left === 0) window.at = start;
      return false;
    }
  }

  #pass(operand: Operand | undefined): void {
    const window = this.#window;
    if (typeof operand === "number") window.take(operand);
    else if (operand === "lines") {
      window.line();
      window.line();
    } else if (operand !== undefined) {
      const { lengthBytes } = operand;
      this.#left = lengthBytes === 1 ? window.uint8() : lengthBytes === 4 ? window.uint32() : window.uint64();
    } else throw window.fault("an opcode is not read");
  }

  #note(id: number): void {
    this.recalls.set(id, this.#window.position);
    if (this.recalls.size > MOST_RECALLED) throw this.#window.fault("the pickle recalls too many values");
  }
}
