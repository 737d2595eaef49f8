import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { ColumnType, ExportColumn, ExportRows } from "./export-batch.ts";

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

const TYPES: Readonly<Record<ColumnType, Pick<SchemaElement, "type" | "converted_type">>> = {
  int32: { type: "INT32" },
  float32: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  boolean: { type: "BOOLEAN" },
};

function schemaOf(columns: readonly ExportColumn[]): SchemaElement[] {
  return [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, type, nullable }): SchemaElement => {
      return { name, ...TYPES[type], repetition_type: nullable ? "OPTIONAL" : "REQUIRED" };
    }),
  ];
}

/** The bytes that were written since the last call. */
function takeBytes(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/**
 * An export as a Parquet file, part by part: a row group a batch, compressed by Snappy. What is not recorded is null.
 * @param metadata texts that the file carries, by key
 */
export function* parquetBytes(
  { columns, batches }: ExportRows,
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(columns),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: "nas-harness",
  });
  for (const batch of batches) {
    const rows = batch[0]?.length ?? 0;
    const columnData = columns.map(({ name }, at) => ({ name, data: [...(batch[at] ?? [])] }));
    if (rows > 0) writer.write({ columnData, rowGroupSize: rows });
    yield takeBytes(bytes);
  }
  writer.finish();
  yield takeBytes(bytes);
}
