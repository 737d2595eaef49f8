/** Parts of a pickle, written by hand as CPython's Lib/pickletools.py names the opcodes. */
const opcode = (code: number, ...rest: Uint8Array[]) => Buffer.concat([Buffer.of(code), ...rest]);

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const GLOBAL = (module: string, name: string) => opcode(0x63, Buffer.from(`${module}\n${name}\n`));
/** Python 2's byte string: SHORT_BINSTRING or BINSTRING. */
const string2 = (bytes: Uint8Array) =>
  bytes.length < 256 ? opcode(0x55, Buffer.of(bytes.length), bytes) : opcode(0x54, uint32(bytes.length), bytes);
/** Python 3's text and bytes: BINUNICODE, BINBYTES. */
const text3 = (text: string) => opcode(0x58, uint32(Buffer.byteLength(text)), Buffer.from(text));
const bytes3 = (bytes: Uint8Array) => opcode(0x42, uint32(bytes.length), bytes);
const int = (value: number) => (value < 256 ? Buffer.of(0x4b, value) : opcode(0x4a, uint32(value)));
const MARK = Buffer.of(0x28);
const FALSE = Buffer.of(0x89);

/** Which Python writes a pickle: 2 in protocol 2, or 3 in protocol 3. */
export type PickleWriter = 2 | 3;

/** An array of bytes [rows, columns] as numpy pickles it. */
function arrayBytes(pixels: Uint8Array, rows: number, columns: number, writer: PickleWriter): Buffer {
  const text = (value: string) => (writer === 2 ? string2(Buffer.from(value)) : text3(value));
  const raw = writer === 2 ? string2 : bytes3;
  const dtype = [GLOBAL("numpy", "dtype"), text("u1"), int(0), int(1), Buffer.of(0x87, 0x52)];
  const dtypeState = [
    MARK,
    int(3),
    text("|"),
    Buffer.of(0x4e, 0x4e, 0x4e),
    int(0),
    int(0),
    int(0),
    Buffer.of(0x74, 0x62),
  ];
  return Buffer.concat([
    GLOBAL("numpy.core.multiarray", "_reconstruct"),
    GLOBAL("numpy", "ndarray"),
    Buffer.concat([int(0), Buffer.of(0x85)]),
    Buffer.concat([raw(Buffer.from("b")), Buffer.of(0x87, 0x52)]),
    Buffer.concat([MARK, int(1), int(rows), int(columns), Buffer.of(0x86)]),
    Buffer.concat([...dtype, ...dtypeState]),
    Buffer.concat([FALSE, raw(pixels), Buffer.of(0x74, 0x62)]),
  ]);
}

/**
 * A batch of downsampled ImageNet: `{"data": array, "labels": list}`, as Python pickles it.
 * @param pixels planar, shape [labels.length, 3 * size * size]
 */
export function imageBatch(pixels: Uint8Array, labels: readonly number[], writer: PickleWriter): Buffer {
  const key = (name: string) => (writer === 2 ? string2(Buffer.from(name)) : text3(name));
  const columns = pixels.length / labels.length;
  return Buffer.concat([
    Buffer.of(0x80, writer, 0x7d, 0x71, 0), // PROTO, EMPTY_DICT, BINPUT 0
    MARK,
    key("data"),
    arrayBytes(pixels, labels.length, columns, writer),
    key("labels"),
    Buffer.concat([Buffer.of(0x5d, 0x71, 1), MARK, ...labels.map(int), Buffer.of(0x65)]),
    Buffer.of(0x75, 0x2e), // SETITEMS, STOP
  ]);
}
