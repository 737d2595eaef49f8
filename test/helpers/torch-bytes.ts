/** Pickles with tensors, and files of torch.save, written by hand: also such as PyTorch would never write. */
import { zipSync } from "fflate";

/** What {@link pickled} writes: maps as dicts, arrays as lists. */
export type Picklable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Picklable[]
  | ReadonlyMap<Picklable, Picklable>
  | { readonly tuple: readonly Picklable[] }
  | { readonly name: string }
  | { readonly call: string; readonly args: readonly Picklable[]; readonly state?: Picklable }
  | { readonly persistent: Picklable };

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

const name = (text: string) => Buffer.from(`c${text.replace(" ", "\n")}\n`);

function body(value: Picklable): Buffer {
  const all = (values: readonly Picklable[]) => Buffer.concat(values.map(body));
  if (value === null) return Buffer.from("N");
  if (typeof value === "boolean") return Buffer.of(value ? 0x88 : 0x89);
  if (typeof value === "number") return Buffer.concat([Buffer.from("J"), uint32(value)]);
  if (typeof value === "bigint") {
    const hex = value.toString(16);
    const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").reverse();
    return Buffer.concat([Buffer.of(0x8a, bytes.length), bytes]);
  }
  if (typeof value === "string")
    return Buffer.concat([Buffer.from("X"), uint32(Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from("B"), uint32(value.length), value]);
  if (value instanceof Map)
    return Buffer.concat([Buffer.from("}("), all([...value].flat() as Picklable[]), Buffer.from("u")]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("]("), all(value), Buffer.from("e")]);
  if ("tuple" in value) return Buffer.concat([Buffer.from("("), all(value.tuple), Buffer.from("t")]);
  if ("name" in value) return name(value.name);
  if ("persistent" in value) return Buffer.concat([body(value.persistent), Buffer.from("Q")]);
  const { call, args, state } = value as { call: string; args: readonly Picklable[]; state?: Picklable };
  const called = Buffer.concat([name(call), body({ tuple: args }), Buffer.from("R")]);
  return state === undefined ? called : Buffer.concat([called, body(state), Buffer.from("b")]);
}

/** A value as a pickle of protocol 3. */
export function pickled(value: Picklable): Buffer {
  return Buffer.concat([Buffer.of(0x80, 3), body(value), Buffer.from(".")]);
}

/** A storage of float32 by its key, as a file of torch.save refers to it. */
export const storageReference = (key: string, elements: number, type = "FloatStorage"): Picklable => ({
  persistent: { tuple: ["storage", { name: `torch ${type}` }, key, "cuda:0", elements] },
});

/** A tensor on a storage. */
export const tensor = (
  storage: Picklable,
  shape: readonly number[],
  strides: readonly number[],
  offset: Picklable = 0,
): Picklable => ({
  call: "torch._utils _rebuild_tensor_v2",
  args: [storage, offset, { tuple: shape }, { tuple: strides }, false, { call: "collections OrderedDict", args: [] }],
});

/** The bytes of numbers. */
export const bytesOf = (values: Float32Array | Float64Array | BigInt64Array | Uint16Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** torch.save's magic number. */
export const MAGIC = 0x1950a86a20f9469cfc6cn;

/** A file of torch.save's old form. @param storages content by key, with the number of elements */
export function oldForm(
  value: Picklable,
  storages: readonly (readonly [key: string, elements: number, bytes: Uint8Array])[],
  machine: Picklable = new Map<Picklable, Picklable>([["little_endian", true]]),
  version: Picklable = 1001,
): Buffer {
  const contents = storages.map(([, elements, bytes]) => {
    const count = Buffer.alloc(8);
    count.writeBigUInt64LE(BigInt(elements));
    return Buffer.concat([count, bytes]);
  });
  const keys = storages.map(([key]) => key);
  return Buffer.concat([...[MAGIC, version, machine, value, keys].map(pickled), ...contents]);
}

/** A file of torch.save's zip form. */
export function zipForm(value: Picklable, entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const inside = Object.entries({ "data.pkl": pickled(value), ...entries }).map(([key, bytes]) => [
    `archive/${key}`,
    bytes,
  ]);
  return zipSync(Object.fromEntries(inside) as Record<string, Uint8Array>, { level: 0 });
}

/** A storage as a plain pickle holds it: a file of torch.save inside the pickle. */
export const storedInside = (values: Float32Array): Picklable => ({
  call: "torch.storage _load_from_bytes",
  args: [oldForm(storageReference("0", values.length), [["0", values.length, bytesOf(values)]])],
});
