import { describe, expect, test } from "vitest";
import { readPickle } from "../../../core/files/pickle/pickle-reader.ts";
import { plainTorchPickle, readTorchFile } from "../../../core/importers/weights/torch-file.ts";
import { tensorOf } from "../../../core/importers/weights/torch-names.ts";
import { tensorArray } from "../../../core/importers/weights/torch-tensor.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import {
  bytesOf,
  oldForm,
  type Picklable,
  pickled,
  storageReference,
  storedInside,
  tensor,
  zipForm,
} from "../../helpers/torch-bytes.ts";

const SIX = Float32Array.of(0, 1, 2, 3, 4, 5);
const SIX_BYTES = bytesOf(SIX);
const ROWS = tensor(storageReference("0", 6), [2, 3], [3, 1]);
const STORAGES = [["0", 6, SIX_BYTES]] as const;

/** The array of a file that holds one tensor. */
const arrayOf = (bytes: Uint8Array) => tensorArray(tensorOf(readTorchFile(bytes, "file.pth"))!);
const faultOf = (bytes: Uint8Array) => harnessErrorOf(() => arrayOf(bytes));

describe.each([
  ["the old form", (value: Picklable) => oldForm(value, STORAGES)],
  ["the zip form", (value: Picklable) => zipForm(value, { "data/0": SIX_BYTES, version: Buffer.from("3\n") })],
])("a tensor in %s", (_, file) => {
  const of = (...words: [readonly number[], readonly number[], number?]) =>
    arrayOf(file(tensor(storageReference("0", 6), ...words)));

  test("is read in the order of its axes", () => {
    expect(arrayOf(file(ROWS))).toEqual({ shape: [2, 3], values: SIX });
    expect(of([3, 2], [1, 3])).toEqual({ shape: [3, 2], values: Float32Array.of(0, 3, 1, 4, 2, 5) });
    expect(of([2, 2], [3, 1], 1)).toEqual({ shape: [2, 2], values: Float32Array.of(1, 2, 4, 5) });
    expect(of([3], [0], 4)).toEqual({ shape: [3], values: Float32Array.of(4, 4, 4) });
    expect(of([], [], 5)).toEqual({ shape: [], values: Float32Array.of(5) });
    expect(of([0, 7], [7, 1], 6)).toEqual({ shape: [0, 7], values: new Float32Array(0) });
  });

  test("as a parameter is that tensor", () => {
    const parameter = { call: "torch._utils _rebuild_parameter", args: [ROWS, true, null] };
    expect(arrayOf(file(parameter))!.values).toEqual(SIX);
  });

  test.each<[string, readonly number[], readonly number[], number]>([
    ["ends outside", [2, 3], [3, 1], 1],
    ["begins outside", [1], [1], 6],
    ["begins before", [1], [1], -1],
    ["goes backwards", [3], [-1], 5],
    ["has a negative length", [-3], [1], 0],
    ["has fewer strides than axes", [2, 3], [3], 0],
    ["repeats an element a billion times", [1_000_000_000], [0], 0],
  ])("that %s is refused", (_title, shape, strides, offset) => {
    const error = harnessErrorOf(() => of(shape, strides, offset));
    expect(error.code).toBe("NAS_PICKLE");
    expect(error.message).toMatch(/a tensor (has the shape|\[)/);
    expect(error.details.where).toContain("file.pth");
  });

  test("of no storage, or with no shape, is refused", () => {
    const call = (...args: Picklable[]) => ({ call: "torch._utils _rebuild_tensor", args });
    for (const args of [
      [],
      [null, 0, { tuple: [1] }, { tuple: [1] }],
      [storageReference("0", 6), 0, "six", { tuple: [1] }],
    ])
      expect(faultOf(file(call(...args))).message).toContain("a tensor has no storage, shape or strides");
    const parameter = { call: "torch._utils _rebuild_parameter", args: ["five"] };
    expect(faultOf(file(parameter)).message).toContain("a parameter has no tensor");
  });

  test.each(["os system", "builtins eval", "torch load", "torch._utils _rebuild_sparse_tensor", "torch.storage _load"])(
    "beside a call of %s is refused by its name",
    (name) => {
      const error = faultOf(file([ROWS, { call: name, args: ["true"] }]));
      expect(error.code).toBe("NAS_PICKLE");
      expect(error.message).toContain(name.replace(" ", "."));
    },
  );

  test.each<[string, Picklable]>([
    ["no tuple", "storage"],
    ["another kind", { tuple: ["module", { name: "torch FloatStorage" }, "0", "cpu", 6] }],
    ["no type", { tuple: ["storage", "FloatStorage", "0", "cpu", 6] }],
    ["a negative length", { tuple: ["storage", { name: "torch FloatStorage" }, "0", "cpu", -6] }],
    [
      "a part of another storage",
      { tuple: ["storage", { name: "torch FloatStorage" }, "0", "cpu", 6, { tuple: ["1", 0, 6] }] },
    ],
  ])("whose storage is named by %s is refused", (_title, id) => {
    expect(faultOf(file(tensor({ persistent: id }, [1], [1]))).message).toMatch(/persistent id|a storage is/);
  });
});

test("numbers of every type are read, those of 16 bits as float32", () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x0001, 0x3555, 0x7bff, 0x8000, 0x0400, 0x7e00);
  const expected = [1, -2, Infinity, 2 ** -24, 0.333251953125, 65504, -0, 2 ** -14, Number.NaN];
  const read = (type: string, bytes: Uint8Array, count: number) =>
    arrayOf(oldForm(tensor(storageReference("0", count, type), [count], [1]), [["0", count, bytes]]))!.values;
  expect([...read("HalfStorage", bytesOf(halves), 9)]).toEqual(expected);
  const brain = Uint16Array.of(0x3f80, 0xc040, 0x7f80, 0x0001);
  expect([...read("BFloat16Storage", bytesOf(brain), 4)]).toEqual([1, -3, Infinity, 2 ** -133]);
  expect(read("DoubleStorage", bytesOf(Float64Array.of(0.1)), 1)).toEqual(Float64Array.of(0.1));
  expect(read("LongStorage", bytesOf(BigInt64Array.of(-5n)), 1)).toEqual(BigInt64Array.of(-5n));
});

test("all numbers of 16 bits that are finite have the value that their bits say", () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, at) => at).filter((value) => (value & 0x7c00) !== 0x7c00);
  const value = tensor(storageReference("0", bits.length, "HalfStorage"), [bits.length], [1]);
  const { values } = arrayOf(oldForm(value, [["0", bits.length, bytesOf(bits)]]))!;
  bits.forEach((own, at) => {
    const exponent = (own >> 10) & 31;
    const fraction = (own & 1023) / 1024;
    const size = exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15);
    if (values[at] !== (own & 0x8000 ? -size : size)) expect.fail(`0x${own.toString(16)} is ${values[at]}`);
  });
});

describe("a file of torch.save", () => {
  test("is refused wherever it was cut off", () => {
    for (const file of [oldForm(ROWS, STORAGES), zipForm(ROWS, { "data/0": SIX_BYTES })]) {
      for (let length = 0; length < file.length; length++)
        expect(faultOf(file.subarray(0, length)).code, `${length} of ${file.length}`).toBe("NAS_PICKLE");
    }
  });

  test.each<[string, Uint8Array, string]>([
    ["another magic number", pickled(1n), "not written by torch.save"],
    ["another version", oldForm(ROWS, STORAGES, new Map([["little_endian", true]]), 7), "version 7 is not read"],
    ["a big-endian machine", oldForm(ROWS, STORAGES, new Map([["little_endian", false]])), "big-endian"],
    ["a list of keys that nothing refers to", oldForm(ROWS, [["9", 6, SIX_BYTES]]), "nothing refers to"],
    ["a storage of another length", oldForm(ROWS, [["0", 5, SIX_BYTES]]), "is not of 6 elements"],
    [
      "no data.pkl",
      zipForm(ROWS, { "data/0": SIX_BYTES }).map((byte) => (byte === 0x6b ? 0x6a : byte)),
      "holds no data.pkl",
    ],
    ["a missing storage", zipForm(ROWS, { "data/1": SIX_BYTES }), "data/0 is missing"],
    ["a short storage", zipForm(ROWS, { "data/0": SIX_BYTES.subarray(4) }), "has 20 bytes, not 24"],
    ["big-endian bytes", zipForm(ROWS, { "data/0": SIX_BYTES, byteorder: Buffer.from("big") }), "big-endian"],
    ["a text", Buffer.from("no pickle at all"), "no pickle of protocol 2"],
    ["nothing", new Uint8Array(0), "no pickle of protocol 2"],
  ])("with %s is refused", (_title, bytes, what) => {
    const error = faultOf(bytes);
    expect(error.code).toBe("NAS_PICKLE");
    expect(error.message).toContain(what);
  });

  test("that names a storage with two lengths is refused", () => {
    const two = [ROWS, tensor(storageReference("0", 5), [5], [1])];
    expect(faultOf(oldForm(two, STORAGES)).message).toContain("storage 0 has two lengths");
  });

  test("whose storage is listed but has no content leaves no array", () => {
    expect(arrayOf(oldForm(ROWS, []))).toBeNull();
  });
});

describe("a plain pickle with tensors", () => {
  const read = (value: Picklable) => readPickle(pickled(value), "file.pbz2", plainTorchPickle("file.pbz2"));

  test("holds each storage as a file of torch.save", () => {
    expect(tensorArray(tensorOf(read(tensor(storedInside(SIX), [2, 3], [3, 1])))!)).toEqual({
      shape: [2, 3],
      values: SIX,
    });
  });

  test("does not open files in files in files", () => {
    const inner = { call: "torch.storage _load_from_bytes", args: [Buffer.from("x")] };
    const nested = { call: "torch.storage _load_from_bytes", args: [oldForm(inner, [])] };
    const error = harnessErrorOf(() => read(nested));
    expect(error.message).toContain("torch.storage._load_from_bytes");
    expect(error.details.where).toContain("file.pbz2, a storage in it");
  });

  test.each<[string, Picklable, string]>([
    ["bytes that are none", "text", "from no bytes"],
    ["something else than a storage", oldForm([1, 2], []), "is no storage"],
    [
      "a storage that was cut off",
      oldForm(storageReference("0", 6), STORAGES).subarray(0, -1),
      "ends too early for its storages",
    ],
  ])("with %s is refused", (_title, content, what) => {
    const error = harnessErrorOf(() => read({ call: "torch.storage _load_from_bytes", args: [content] }));
    expect(error.code).toBe("NAS_PICKLE");
    expect(error.message).toContain(what);
  });

  test("names no storages outside of it", () => {
    expect(harnessErrorOf(() => read(ROWS)).message).toContain("a storage is named but not in the file");
  });
});
