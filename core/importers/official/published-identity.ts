import path from "node:path";
import type { ExpectedOptimum } from "../../../schemas/generated/table-card.ts";
import type { ImportIdentity } from "../pipeline/assembly.ts";
import type { Publication } from "./import-source.ts";

/**
 * Version of every table from official files: raised when the same file gives other values or columns. What the publisher
 * changes has a name, and so an id, of its own.
 */
const IMPORT_VERSION = "1.0.0";

type Optimum = readonly [dataset: string, split: "valid" | "test", accuracy: number, architecture?: number];

function optima(source: string, values: readonly Optimum[]): ExpectedOptimum[] {
  return values.map(([dataset, split, accuracy, architecture]) => ({
    dataset,
    recipe: "200-epochs",
    split,
    epoch: 200,
    accuracy,
    ...(architecture === undefined ? {} : { architecture }),
    source,
  }));
}

interface PublishedFile {
  /** What the names of its forms have in common. */
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly optima: readonly ExpectedOptimum[];
}

const PUBLISHED: Readonly<Record<Publication, readonly PublishedFile[]>> = {
  "nats-bench": [
    {
      name: "NATS-tss-v1_0-3ffb9",
      id: "nats-tss-v1-0-3ffb9",
      title: "NATS-Bench, topology search space, file v1_0-3ffb9",
      optima: optima("best means of file NATS-tss-v1_0-3ffb9, as published with it and in tables made from it", [
        ["cifar10-valid", "valid", 91.61, 6111],
        ["cifar10", "test", 94.37, 6111],
        ["cifar100", "valid", 73.49, 9930],
        ["cifar100", "test", 73.51, 9930],
        ["imagenet16-120", "valid", 46.73, 10676],
        ["imagenet16-120", "test", 47.31, 857],
      ]),
    },
  ],
  "nas-bench-201": [
    {
      name: "NAS-Bench-201-v1_1-096897",
      id: "nas-bench-201-v1-1-096897",
      title: "NAS-Bench-201, file v1_1-096897",
      // Of this file's best means only that of CIFAR-10 is known from tables made from it.
      optima: optima("best mean of file NAS-Bench-201-v1_1-096897, in tables made from it", [
        ["cifar10", "test", 94.37, 6111],
      ]),
    },
    {
      name: "NAS-Bench-201-v1_0-e61699",
      id: "nas-bench-201-v1-0-e61699",
      title: "NAS-Bench-201, file v1_0-e61699",
      // The paper names no architectures.
      optima: optima("NAS-Bench-201, ICLR 2020, Table 5, row optimal", [
        ["cifar10-valid", "valid", 91.61],
        ["cifar10", "test", 94.37],
        ["cifar100", "valid", 73.49],
        ["cifar100", "test", 73.51],
        ["imagenet16-120", "valid", 46.77],
        ["imagenet16-120", "test", 47.31],
      ]),
    },
  ],
};

const TITLES: Readonly<Record<Publication, string>> = {
  "nats-bench": "NATS-Bench, topology search space",
  "nas-bench-201": "NAS-Bench-201",
};

/** A file's name as a part of an id. */
function slugOf(name: string): string {
  const stem = name.replace(/\.(tar|pth|pickle|pbz2)(?=\.|$)/g, "");
  return (
    stem
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "files"
  );
}

/**
 * Id, title and expected optima of a table, by the name of what it is made from. A name that is none of a published file gives
 * an id that says so, and nothing is expected of it.
 * @param file path of the file or folder
 */
export function publishedIdentity(file: string, publication: Publication): ImportIdentity {
  const name = path.basename(path.resolve(file));
  const published = PUBLISHED[publication].find((candidate) => name.startsWith(candidate.name));
  return {
    id: published?.id ?? `${publication}-${slugOf(name)}`,
    version: IMPORT_VERSION,
    title: published?.title ?? `${TITLES[publication]}, ${name}`,
    benchmark: "nas-bench-201",
    licence: "MIT",
    description:
      published === undefined
        ? `Imported from ${name}, which has not the name of a published file. Every training, epoch and seed as recorded; nothing is repaired, averaged or left out.`
        : `Imported from ${name} by Xuanyi Dong and others. Every training, epoch and seed as recorded; nothing is repaired, averaged or left out.`,
    expectedOptima: [...(published?.optima ?? [])],
  };
}
