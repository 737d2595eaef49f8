import { ByteWindow } from "./byte-window.ts";
import { OPCODE } from "./opcodes.ts";
import { PickleMachine, type PickleOptions } from "./pickle-machine.ts";
import type { PickleValue } from "./pickle-values.ts";

/** A pickle in a buffer: its value, and where the bytes behind it begin. */
export interface ReadPickle {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads the pickle of protocol 2 to 5 at a position of a buffer, and runs nothing. Python's containers are read but for
 * classes; nothing may hold itself.
 * @param file for errors
 * @returns byte strings and arrays are views of `bytes`
 * @throws NAS_PICKLE naming file and byte
 */
export function readPickleAt(bytes: Uint8Array, start: number, file: string, options: PickleOptions = {}): ReadPickle {
  const window = new ByteWindow(bytes, file, true);
  window.at = start;
  if (bytes[start] !== OPCODE.PROTO) throw window.fault("this is no pickle of protocol 2 or higher");
  const value = new PickleMachine(window, options).run();
  return { value: value as PickleValue, end: window.at };
}

/** Reads a buffer that begins with a pickle, as {@link readPickleAt} does. @throws NAS_PICKLE naming file and byte */
export function readPickle(bytes: Uint8Array, file: string, options: PickleOptions = {}): PickleValue {
  return readPickleAt(bytes, 0, file, options).value;
}
