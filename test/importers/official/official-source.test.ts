import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { officialKind, readOfficial } from "../../../core/importers/official/official-source.ts";
import type { EpochSeries, OfficialTrial } from "../../../core/importers/official-trial.ts";
import {
  allArchitectures,
  architectureValue,
  madeUpValue,
  SOME_SEEDS,
  wholeValue,
} from "../../helpers/official-results.ts";
import { OrderedDict, type Picklable, writePickle } from "../../helpers/pickle-writer.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { zipBytes } from "../../helpers/zip-bytes.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const INDICES = [3, 0, 15_624];

async function batchesOf(file: string): Promise<(readonly OfficialTrial[])[]> {
  const batches: (readonly OfficialTrial[])[] = [];
  for await (const batch of readOfficial(file)) batches.push(batch);
  return batches;
}

function written(name: string, bytes: Uint8Array): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

const whole = (recipe: "12" | "less") => wholeValue(INDICES.map((index) => [index, architectureValue(index, recipe)]));
const pickle = (value: Picklable, protocol: 2 | 4 = 4) => writePickle(value, protocol);
const member = (index: number) => ({
  name: `NATS-tss-v1_0-3ffb9-simple/${String(index).padStart(6, "0")}.pickle`,
  content: pickle(architectureValue(index, "12")),
});
const meta = () =>
  pickle(
    new Map<string, Picklable>([
      ["meta_archs", allArchitectures()],
      ["arch2infos", null],
    ]),
  );

/** torch.save with the legacy container. */
const legacy = (value: Picklable) =>
  Buffer.concat([
    ...[
      MAGIC,
      1001,
      new Map<string, Picklable>([
        ["protocol_version", 1001],
        ["little_endian", true],
      ]),
      value,
      [],
    ].map((part) => pickle(part, 2)),
  ]);

function expectTrials(batch: readonly OfficialTrial[], architecture: number): void {
  const expected = Object.entries(SOME_SEEDS).flatMap(([dataset, seeds]) => seeds.map((seed) => ({ dataset, seed })));
  expect(batch.map(({ dataset, seed }) => ({ dataset, seed }))).toEqual(expected);
  for (const trial of batch) {
    expect(trial).toMatchObject({ architecture, recipe: "12-epochs", epochs: 12 });
    const series = (name: "trainLoss" | "validMs") => (trial.metrics.get(name) as EpochSeries).values;
    for (let epoch = 0; epoch < 12; epoch++) {
      expect(series("trainLoss")[epoch]).toBe(madeUpValue(architecture, trial.seed, 2, epoch));
      expect(series("validMs")[epoch]).toBe(1000 * madeUpValue(architecture, trial.seed, 10, epoch));
    }
    expect(trial.metrics.get("megaParameters")).toBe(0.5 + architecture / 1e4);
  }
}

test.each<[string, () => string, string]>([
  ["a file of NATS-Bench that is not packed", () => written("a.pickle", pickle(whole("12"))), "pickle"],
  ["torch's legacy container", () => written("a.pth", legacy(whole("less"))), "torch-legacy"],
  [
    "torch's zip container",
    () =>
      written(
        "a.pth",
        zipBytes({ "archive/data.pkl": pickle(whole("less"), 2), "archive/version": Buffer.from("3\n") }),
      ),
    "torch-zip",
  ],
  [
    "torch's zip container without zip64",
    () => written("a.pth", zipBytes({ "x/data.pkl": pickle(whole("less"), 2) }, false)),
    "torch-zip",
  ],
  [
    "an archive",
    () => written("a.tar", tarBytes([...INDICES.map(member), { name: "x/meta.pickle", content: meta() }])),
    "tar",
  ],
])("%s gives every architecture, value by value", async (_, make, kind) => {
  const file = make();
  expect(await officialKind(file)).toBe(kind);
  const batches = await batchesOf(file);
  expect(batches.map(([first]) => first?.architecture)).toEqual(INDICES);
  for (const [at, batch] of batches.entries()) expectTrials(batch, INDICES[at]!);
});

test("a folder gives its architectures by index", async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "more"));
  for (const index of INDICES)
    writeFileSync(path.join(folder, path.basename(member(index).name)), member(index).content);
  writeFileSync(path.join(folder, "meta.pickle"), meta());
  const batches = await batchesOf(folder);
  expect(batches.map(([first]) => first?.architecture)).toEqual([0, 3, 15_624]);
});

test("containers that architectures share are read rightly, in any order of recalls", async () => {
  const shared = architectureValue(3, "12").get("12") as Map<Picklable, Picklable>;
  const results = shared.get("all_results") as Map<Picklable, Picklable>;
  const values = INDICES.map((index): [number, Picklable] => {
    const value = architectureValue(index, "12");
    const own = value.get("12") as Map<Picklable, Picklable>;
    // The results of architecture 3 are those of all, as objects.
    own.set("all_results", results);
    return [index, value];
  });
  const batches = await batchesOf(written("a.pickle", pickle(wholeValue(values))));
  expect(batches.map(([first]) => first?.architecture)).toEqual(INDICES);
  for (const batch of batches)
    expect((batch[0]!.metrics.get("trainLoss") as EpochSeries).values[5]).toBe(madeUpValue(3, 111, 2, 5));
});

test("1001 architectures, the last of which Python sets alone, and one architecture alone", async () => {
  for (const count of [1001, 1]) {
    const values = Array.from({ length: count }, (_, index): [number, Picklable] => [
      index,
      architectureValue(index, "less", { cifar10: [777] }),
    ]);
    const batches = await batchesOf(written("a.pth", legacy(wholeValue(values))));
    expect(batches.map(([first]) => first?.architecture)).toEqual(values.map(([index]) => index));
  }
});

test.each<[string, () => Uint8Array, string]>([
  ["another file", () => Buffer.from("hello"), "this is no official file"],
  ["the file that lists a folder", meta, "it holds no results"],
  ["a dict of something else", () => pickle(new Map([["a", 1]])), 'the file\'s dict has no arch2infos, but "a"'],
  ["a list", () => pickle([1]), "the file holds a list"],
  [
    "the size space",
    () =>
      pickle(
        new Map<string, Picklable>([
          ["meta_archs", ["64:64:64:64:64"]],
          ["arch2infos", new Map([[0, new OrderedDict()]])],
        ]),
      ),
    "the size space (sss)",
  ],
  [
    "another order",
    () =>
      pickle(
        new Map<string, Picklable>([
          ["meta_archs", allArchitectures().reverse()],
          ["arch2infos", new Map()],
        ]),
      ),
    "architecture 0 is ",
  ],
  [
    "no list of architectures",
    () => pickle(new Map<string, Picklable>([["arch2infos", new Map()]])),
    "the field is nothing",
  ],
  ["an architecture too many", () => pickle(wholeValue([[15_625, new Map()]])), "there is the architecture 15625"],
  ["an architecture without recipes", () => pickle(wholeValue([[1, new Map()]])), "no recipe is there"],
  [
    "another version of torch's container",
    () => Buffer.concat([legacy(1).subarray(0, 15), pickle(3)]),
    "torch's protocol is 3",
  ],
])("%s is refused", async (_, make, what) => {
  const file = written("a.pickle", make());
  const error = await batchesOf(file).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: expect.stringMatching(/^NAS_(OFFICIAL_FILE|PICKLE)$/) });
  expect((error as Error).message).toContain(what);
  expect((error as { details: { where: string } }).details.where).toContain(file);
});
