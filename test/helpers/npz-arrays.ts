import { createHash } from "node:crypto";
import { unzipSync } from "fflate";

/** An array of an .npz file. */
export interface ReadArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** One .npy file by the letter of its format description, version 1.0, little-endian float32. @throws Error if it is none */
function parseNpy(bytes: Uint8Array): ReadArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = Buffer.from(bytes.subarray(0, 6)).toString("latin1");
  if (magic !== "\x93NUMPY" || bytes[6] !== 1 || bytes[7] !== 0)
    throw new Error(`no .npy file of version 1.0: ${magic}`);
  const start = 10 + view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, start)).toString("latin1");
  const [, tuple] =
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+(?:,|(?:, \d+)+))\), \} *\n$/.exec(header) ?? [];
  if (tuple === undefined || start % 64 !== 0) throw new Error(`unexpected .npy header: ${header}`);
  const shape = tuple
    .split(",")
    .filter((length) => length !== "")
    .map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== start + 4 * count) throw new Error(`${bytes.length - start} bytes for ${count} values`);
  return { shape, values: Float32Array.from({ length: count }, (_, at) => view.getFloat32(start + 4 * at, true)) };
}

/** The arrays of an .npz file by name, in the file's order, read without the code that writes them. */
export function readNpz(bytes: Uint8Array): Map<string, ReadArray> {
  return new Map(
    Object.entries(unzipSync(bytes)).map(([name, content]) => {
      if (!name.endsWith(".npy")) throw new Error(`${name} is no array`);
      return [name.slice(0, -".npy".length), parseNpy(content)] as const;
    }),
  );
}

/** Values in the layout that the hash is over: [size, size, in, out], and [in, out]. */
function hashedLayout({ shape, values }: ReadArray): Float32Array {
  const [outputs, inputs = 1, height = 1, width = 1] = shape;
  if (shape.length === 1) return values;
  const moved: number[] = [];
  for (let tap = 0; tap < height * width; tap++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs!; output++) {
        moved.push(values[(output * inputs + input) * height * width + tap]!);
      }
    }
  }
  return Float32Array.from(moved);
}

/** The hash of a trial's weights as docs/training.md describes it, from the bytes of a weights file alone. */
export function weightsHashOf(bytes: Uint8Array): string {
  const hash = createHash("sha256");
  for (const [name, array] of readNpz(bytes)) {
    hash.update(`${name}:${array.values.length}:`).update(new Uint8Array(hashedLayout(array).buffer));
  }
  return hash.digest("hex");
}
