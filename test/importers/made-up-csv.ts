import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { formatArchitecture } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { CsvMapping } from "../../schemas/generated/csv-mapping.ts";

/** A mapping that uses everything a mapping can say. */
export const MADE_UP_MAPPING: CsvMapping = {
  table: {
    id: "made-up",
    version: "1.0.0",
    title: "Made-up values",
    benchmark: "made-up-benchmark",
    licence: "MIT",
    description: "Made-up values for tests.",
  },
  architecture: { index: "index", string: "arch" },
  datasets: [
    {
      id: "digits",
      title: "Digits",
      classes: 10,
      imageSize: 32,
      recipes: [
        {
          id: "short",
          epochs: 2,
          trainSecondsPerEpoch: "seconds",
          trials: [
            {
              aggregatedSeeds: [7, 8, 9],
              aggregatedSeedCount: "seeds",
              metrics: [
                { metric: "validAccuracy", epoch: 2, column: "valid 2" },
                { metric: "validAccuracy", epoch: 1, column: "valid 1" },
              ],
            },
          ],
        },
        {
          id: "long",
          epochs: 4,
          trials: [
            { metrics: [{ metric: "trainLoss", epoch: 4, column: "loss" }] },
            {
              seed: 9,
              metrics: [{ metric: "validAccuracy", epoch: 4, column: "long 9", optional: true }],
            },
            {
              seed: 7,
              metrics: [
                { metric: "validAccuracy", epoch: 4, column: "long 7" },
                { metric: "testAccuracy", epoch: 4, column: "test 7", optional: true },
              ],
            },
          ],
        },
      ],
    },
  ],
  expectedOptima: [
    {
      dataset: "digits",
      recipe: "short",
      split: "valid",
      epoch: 2,
      accuracy: 92.75,
      architecture: 100,
      source: "made up",
    },
  ],
};

/** Columns of the made-up CSV; the mapping does not use the last one. */
export const HEADER = [
  "index",
  "arch",
  "seeds",
  "seconds",
  "valid 1",
  "valid 2",
  "loss",
  "long 7",
  "long 9",
  "test 7",
  "notes",
];

/** The made-up cells of an architecture: seed 9 is there for every second one, the test value for two of three. */
export function madeUpCells(index: number): string[] {
  return [
    `${index}`,
    formatArchitecture(index),
    `${1 + (index % 3)}`,
    `${(1 + (index % 1000) / 1000).toFixed(3)}`,
    `${((index * 31) % 9000) / 100}`,
    index === 100 ? "92.75" : `${((index * 37) % 9200) / 100}`,
    `${((index * 7) % 500) / 100}`,
    `${((index * 41) % 10001) / 100}`,
    index % 2 === 0 ? `${((index * 43) % 10001) / 100}` : "",
    index % 3 === 0 ? "" : `${((index * 47) % 10001) / 100}`,
    `"a, quoted ""note"""`,
  ];
}

const ALL_ROWS: readonly (readonly string[])[] = Array.from({ length: ARCHITECTURE_COUNT }, (_, index) =>
  madeUpCells(index),
);

/** How a CSV differs from the whole made-up one. */
export interface CsvChanges {
  readonly header?: readonly string[];
  /** Cells to replace: by architecture index and column. */
  readonly cells?: Readonly<Record<number, Readonly<Record<string, string>>>>;
  /** Any other change of the list of rows. */
  readonly rows?: (rows: readonly (readonly string[])[]) => readonly (readonly string[])[];
}

/** The text of a made-up CSV. */
export function madeUpCsv(changes: CsvChanges = {}): string {
  const { cells = {}, rows = (all) => all, header = HEADER } = changes;
  const changed = [...ALL_ROWS];
  for (const [index, replaced] of Object.entries(cells)) {
    const row = [...madeUpCells(Number(index))];
    for (const [column, text] of Object.entries(replaced)) row[HEADER.indexOf(column)] = text;
    changed[Number(index)] = row;
  }
  return `${[header, ...rows(changed)].map((row) => row.join(",")).join("\n")}\n`;
}

/** Writes the mapping and a CSV (text, or bytes as they are) into a folder. */
export function writeImport(
  folder: string,
  csv: string | Uint8Array,
  mapping: unknown = MADE_UP_MAPPING,
): { readonly csv: string; readonly mapping: string; readonly output: string } {
  const files = {
    csv: path.join(folder, "values.csv"),
    mapping: path.join(folder, "mapping.json"),
    output: path.join(folder, "tables", "made-up"),
  };
  writeFileSync(files.csv, csv);
  writeFileSync(files.mapping, JSON.stringify(mapping));
  return files;
}

/** Gzip bytes of a text. */
export function gzipped(text: string): Buffer {
  return gzipSync(text, { level: 1 });
}
