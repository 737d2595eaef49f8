import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import {
  CompressionType,
  compressionRegistry,
  type Data,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float32,
  Int32,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Uint16,
  type Vector,
} from "apache-arrow";
import { itemsPerRow, METRIC_NAMES, type MetricColumn, type MetricName, type TrialTable } from "./column.ts";

const SHA256_BYTES = 32;
const ZSTD_LEVEL = 19;

compressionRegistry.set(CompressionType.ZSTD, {
  encode: (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }),
  // A copy: Arrow lays typed arrays over the bytes, and zlib's own may start anywhere in a pool.
  decode: (bytes) => new Uint8Array(zstdDecompressSync(bytes)),
});

/** How the buffers of a file are stored: as they are, or each compressed by Zstandard as Arrow's format defines it. */
export type Compression = "none" | "zstd";

/** Arrow's validity bitmap (least significant bit first) of flags, and the number of zeros. */
function packBits(flags: ArrayLike<number>): { bitmap: Uint8Array; zeros: number } {
  const bitmap = new Uint8Array(((flags.length + 63) >> 6) << 3);
  let zeros = 0;
  for (let at = 0; at < flags.length; at++) {
    if (flags[at] === 0) zeros++;
    else (bitmap[at >> 3] as number) |= 1 << (at & 7);
  }
  return { bitmap, zeros };
}

/** makeData's arguments for flags: nothing where all are set, as Arrow recommends. */
export function validity(flags: ArrayLike<number> | null): { nullCount: number; nullBitmap?: Uint8Array } {
  if (flags === null) return { nullCount: 0 };
  const { bitmap, zeros } = packBits(flags);
  return zeros === 0 ? { nullCount: 0 } : { nullCount: zeros, nullBitmap: bitmap };
}

function seedData(seeds: readonly (number | null)[]): Data<Int32> {
  const flags = seeds.map((seed) => (seed === null ? 0 : 1));
  const data = Int32Array.from(seeds, (seed) => seed ?? 0);
  return makeData({ type: new Int32(), length: seeds.length, data, ...validity(flags) });
}

function seedListData(lists: readonly (readonly number[] | null)[]): Data<List<Int32>> {
  const flat = Int32Array.from(lists.flatMap((list) => list ?? []));
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, row) => {
    offsets[row + 1] = (offsets[row] as number) + (list?.length ?? 0);
  });
  const child = makeData({ type: new Int32(), length: flat.length, nullCount: 0, data: flat });
  const type = new List(new Field("item", new Int32(), true));
  const flags = lists.map((list) => (list === null ? 0 : 1));
  return makeData({ type, length: lists.length, valueOffsets: offsets, child, ...validity(flags) });
}

function metricData(column: MetricColumn, rows: number): Data<FixedSizeList<Float32>> {
  const items = itemsPerRow(column);
  const child = makeData({
    type: new Float32(),
    length: rows * items,
    data: column.values,
    ...validity(column.recorded),
  });
  const type = new FixedSizeList(items, new Field("item", new Float32(), true));
  return makeData({ type, length: rows, nullCount: 0, child });
}

/** The column with the SHA-256 of each trial's weights, 32 bytes a row, where a table has it. */
function weightsChildren(hashes: readonly string[] | undefined): [string, Data, boolean][] {
  if (hashes === undefined) return [];
  const type = new FixedSizeBinary(SHA256_BYTES);
  const data = Buffer.from(hashes.join(""), "hex");
  return [["weightsSha256", makeData({ type, length: hashes.length, nullCount: 0, data }) as Data, false]];
}

/** The hashes of {@link weightsChildren}, or nothing. */
function weightsOf(table: Table, rows: number): { weightsSha256?: string[] } {
  const vector = table.getChild("weightsSha256");
  if (vector === null) return {};
  const bytes = Buffer.from(onlyChunk(vector, "weightsSha256").values as Uint8Array);
  const hash = (row: number) => bytes.subarray(row * SHA256_BYTES, (row + 1) * SHA256_BYTES).toString("hex");
  return { weightsSha256: Array.from({ length: rows }, (_, row) => hash(row)) };
}

/**
 * The bytes of an Arrow IPC file of one record batch. The same table always gives the same bytes; compressed ones may differ
 * between versions of zlib's Zstandard, the values in them never.
 */
export function encodeTrials(table: TrialTable, compression: Compression = "none"): Uint8Array {
  const rows = table.rows.architecture.length;
  const children: [string, Data, boolean][] = [
    [
      "architecture",
      makeData({ type: new Uint16(), length: rows, nullCount: 0, data: table.rows.architecture }) as Data,
      false,
    ],
    ["trialSeed", seedData(table.rows.trialSeed) as Data, true],
    ["aggregatedSeeds", seedListData(table.rows.aggregatedSeeds) as Data, true],
    ...weightsChildren(table.rows.weightsSha256),
    ...table.columns.map((column): [string, Data, boolean] => [column.name, metricData(column, rows) as Data, false]),
  ];
  const schema = new Schema(children.map(([name, data, nullable]) => new Field(name, data.type, nullable)));
  const struct = makeData({
    type: new Struct(schema.fields),
    length: rows,
    nullCount: 0,
    children: children.map(([, data]) => data),
  });
  const type = compression === "zstd" ? CompressionType.ZSTD : null;
  return tableToIPC(new Table([new RecordBatch(schema, struct)]), "file", type);
}

/** The only chunk of a column; files are written as one record batch. */
export function onlyChunk(vector: Vector | null, name: string): Data {
  const chunk = vector?.data[0];
  if (chunk === undefined || vector?.data.length !== 1) throw new Error(`column ${name} is missing or split`);
  return chunk;
}

/** A chunk's values without the padding to eight bytes that a file's buffers end with. */
export function valuesOf<Values extends Uint16Array | Int32Array | Float32Array>(data: Data): Values {
  return (data.values as Values).subarray(0, data.length) as Values;
}

/** The flags of a chunk's validity bitmap, 1 where a value is; null: all are. */
export function unpackBits(data: Data): Uint8Array | null {
  if (data.nullCount === 0) return null;
  const flags = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const bit = at + data.offset;
    flags[at] = ((data.nullBitmap[bit >> 3] as number) >> (bit & 7)) & 1;
  }
  return flags;
}

/**
 * Reads an Arrow IPC file made by {@link encodeTrials} or by any other writer of the same columns.
 * @param epochs for each metric column of the file, the epochs of its items
 * @throws Error if the bytes are no such file; the caller names the file
 */
export function decodeTrials(bytes: Uint8Array, epochs: ReadonlyMap<MetricName, MetricColumn["epochs"]>): TrialTable {
  const table = tableFromIPC(bytes);
  const rows = table.numRows;
  const architecture = valuesOf<Uint16Array>(onlyChunk(table.getChild("architecture"), "architecture"));
  const seeds = onlyChunk(table.getChild("trialSeed"), "trialSeed");
  const seedFlags = unpackBits(seeds);
  const trialSeed = Array.from({ length: rows }, (_, row) =>
    seedFlags !== null && seedFlags[row] === 0 ? null : (seeds.values[row] as number),
  );
  const lists = onlyChunk(table.getChild("aggregatedSeeds"), "aggregatedSeeds");
  const listFlags = unpackBits(lists);
  const listValues = valuesOf<Int32Array>(lists.children[0] as Data);
  const aggregatedSeeds = Array.from({ length: rows }, (_, row) => {
    if (listFlags !== null && listFlags[row] === 0) return null;
    return Array.from(listValues.subarray(lists.valueOffsets[row], lists.valueOffsets[row + 1]));
  });
  const columns = METRIC_NAMES.filter((name) => epochs.has(name)).map((name): MetricColumn => {
    const list = onlyChunk(table.getChild(name), name);
    const child = list.children[0] as Data;
    const column = { name, epochs: epochs.get(name) as MetricColumn["epochs"] };
    const expected = rows * itemsPerRow(column);
    if (child.length !== expected) throw new Error(`column ${name} has ${child.length} items, not ${expected}`);
    return { ...column, values: valuesOf<Float32Array>(child), recorded: unpackBits(child) };
  });
  return { rows: { architecture, trialSeed, aggregatedSeeds, ...weightsOf(table, rows) }, columns };
}
