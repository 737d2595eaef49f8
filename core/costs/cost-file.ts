import {
  type Data,
  Field,
  Float32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Uint16,
} from "apache-arrow";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { onlyChunk, unpackBits, validity, valuesOf } from "../tables/arrow-file.ts";
import type { CostValues } from "./cost-column.ts";

/**
 * The bytes of an Arrow IPC file of one record batch: `architecture` (uint16, 0 to 15624) and one nullable float32 column a
 * cost. The same values always give the same bytes.
 * @param columns by name, in the order of the card
 */
export function encodeCosts(columns: ReadonlyMap<string, CostValues>): Uint8Array {
  const length = ARCHITECTURE_COUNT;
  const architecture = Uint16Array.from({ length }, (_, index) => index);
  const children: [Field, Data][] = [
    [
      new Field("architecture", new Uint16(), false),
      makeData({ type: new Uint16(), length, nullCount: 0, data: architecture }) as Data,
    ],
    ...[...columns].map(([name, { values, recorded }]): [Field, Data] => [
      new Field(name, new Float32(), true),
      makeData({ type: new Float32(), length, data: values, ...validity(recorded) }) as Data,
    ]),
  ];
  const schema = new Schema(children.map(([field]) => field));
  const data = children.map(([, child]) => child);
  const struct = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: data });
  return tableToIPC(new Table([new RecordBatch(schema, struct)]), "file");
}

/**
 * Reads an Arrow IPC file made by {@link encodeCosts} or by any other writer of the same columns.
 * @param names columns that must be there
 * @throws Error if the bytes are no such file; the caller names the file
 */
export function decodeCosts(bytes: Uint8Array, names: readonly string[]): CostValues[] {
  const table = tableFromIPC(bytes);
  const architectures = valuesOf<Uint16Array>(onlyChunk(table.getChild("architecture"), "architecture"));
  if (architectures.length !== ARCHITECTURE_COUNT || !architectures.every((index, row) => index === row)) {
    throw new Error(`it does not hold the architectures 0 to ${ARCHITECTURE_COUNT - 1} in order`);
  }
  return names.map((name) => {
    const chunk = onlyChunk(table.getChild(name), name);
    const values = valuesOf<Float32Array>(chunk);
    if (!(values instanceof Float32Array)) throw new Error(`column ${name} is not of type float32`);
    return { values, recorded: unpackBits(chunk) };
  });
}
