import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImageSet } from "../../core/training/image-set.ts";
import { BatchMaker, ImageStream, type PixelBatch } from "../../core/training/image-stream.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { toyImages, toyRecipe } from "../helpers/toy-dataset.ts";

const AS_THEY_ARE = { mean: [0], deviation: [1] };
const NO_MOVES = { flip: false, cropPadding: 0 };

/** Images whose every pixel and whose label is the image's own number. */
function numbered(count: number): ImageSet {
  const pixels = Uint8Array.from({ length: count * 16 }, (_, at) => Math.floor(at / 16));
  return {
    pixels,
    labels: Uint8Array.from({ length: count }, (_, at) => at),
    count,
    size: 4,
    channels: 1,
    classes: 256,
  };
}

function recipeWith(overrides: Partial<Recipe>): Recipe {
  return toyRecipe({ augmentation: NO_MOVES, normalization: AS_THEY_ARE, ...overrides });
}

function epochsOf(stream: ImageStream, epochs: number): PixelBatch[][] {
  return Array.from({ length: epochs }, () => [...stream.epoch()]);
}

const numbersOf = (batches: readonly PixelBatch[]) => batches.flatMap(({ labels }) => Array.from(labels));

describe("order", () => {
  test("an epoch has exactly its number of images, in batches of which the last may be smaller", () => {
    const stream = new ImageStream(numbered(10), recipeWith({ imagesPerEpoch: 8, batchSize: 3 }), 1);
    expect(stream.imagesPerEpoch).toBe(8);
    for (const batches of epochsOf(stream, 5)) {
      expect(batches.map(({ shape }) => shape)).toEqual([
        [3, 4, 4, 1],
        [3, 4, 4, 1],
        [2, 4, 4, 1],
      ]);
      expect(batches.map(({ labels }) => labels.length)).toEqual([3, 3, 2]);
      expect(batches.map(({ pixels }) => pixels.length)).toEqual([48, 48, 32]);
    }
  });

  test("without a number, an epoch is a pass over all images", () => {
    const stream = new ImageStream(numbered(10), recipeWith({ imagesPerEpoch: null, batchSize: 4 }), 1);
    expect(stream.imagesPerEpoch).toBe(10);
    for (const batches of epochsOf(stream, 3)) {
      expect(numbersOf(batches).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test("every image comes once before any comes twice, whatever the lengths of epochs and batches", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 2, max: 17 }),
        (count, imagesPerEpoch, batchSize) => {
          // Not a last batch of one image, which is left out.
          fc.pre(imagesPerEpoch % batchSize !== 1);
          const stream = new ImageStream(numbered(count), recipeWith({ imagesPerEpoch, batchSize }), 7);
          const seen = epochsOf(stream, 4).flatMap(numbersOf);
          expect(seen).toHaveLength(4 * imagesPerEpoch);
          for (let start = 0; start < seen.length; start += count) {
            const pass = seen.slice(start, start + count);
            expect(new Set(pass).size).toBe(pass.length);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("passes are in different random orders", () => {
    const stream = new ImageStream(numbered(50), recipeWith({ imagesPerEpoch: null }), 1);
    const [first, second] = epochsOf(stream, 2).map(numbersOf);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual([...first!].sort((a, b) => a - b));
  });

  test("a last batch of a single image is left out, and its image counts as seen", () => {
    const stream = new ImageStream(numbered(9), recipeWith({ imagesPerEpoch: 3, batchSize: 2 }), 1);
    const seen = epochsOf(stream, 3).map(numbersOf);
    expect(seen.map((epoch) => epoch.length)).toEqual([2, 2, 2]);
    expect(new Set(seen.flat()).size).toBe(6);
  });

  test("pixels and labels belong together", () => {
    const stream = new ImageStream(numbered(30), recipeWith({ imagesPerEpoch: null, batchSize: 7 }), 3);
    for (const { pixels, labels } of stream.epoch()) {
      expect(Array.from(pixels)).toEqual(Array.from(labels).flatMap((label) => Array(16).fill(label)));
    }
  });
});

describe("seed", () => {
  const recipe = toyRecipe();
  const bytes = (seed: number, own = recipe) =>
    JSON.stringify(
      epochsOf(new ImageStream(toyImages().train, own, seed), 3)
        .flat()
        .map(({ pixels }) => [...pixels]),
    );

  test("the same seed gives the same batches, another one others", () => {
    expect(bytes(1)).toBe(bytes(1));
    expect(bytes(1)).not.toBe(bytes(2));
  });

  test("what a recipe says of the network, the optimiser and the evaluation changes no batch", () => {
    const other = toyRecipe({
      network: { channels: 16, cellsPerStage: 3 },
      epochs: 9,
      optimiser: { learningRate: 1, finalLearningRate: 0.5, momentum: 0, weightDecay: 0 },
      evaluation: { batchNorm: "batch", batchSize: 2, train: 1, valid: 1, test: 1 },
    });
    expect(bytes(1, other)).toBe(bytes(1));
  });

  test("augmentation does not change the order", () => {
    const order = (augmentation: Recipe["augmentation"]) =>
      epochsOf(new ImageStream(numbered(40), recipeWith({ augmentation }), 5), 2).flatMap(numbersOf);
    expect(order({ flip: true, cropPadding: 2 })).toEqual(order(NO_MOVES));
  });
});

/** The image mirrored, surrounded by black, and cut out again at a shifted place: each step on its own. */
function naiveMove(
  image: number[][][],
  isMirrored: boolean,
  padding: number,
  down: number,
  right: number,
): number[][][] {
  const size = image.length;
  const black = image[0]![0]!.map(() => 0);
  const mirrored = isMirrored ? image.map((row) => [...row].reverse()) : image;
  const side = Array.from({ length: padding }, () => black);
  const line = Array.from({ length: size + 2 * padding }, () => black);
  const border = Array.from({ length: padding }, () => line);
  const padded = [...border, ...mirrored.map((row) => [...side, ...row, ...side]), ...border];
  const [top, left] = [padding + down, padding + right];
  return padded.slice(top, top + size).map((row) => row.slice(left, left + size));
}

describe("augmentation", () => {
  test("a flip and a padded crop equal the naive ones", () => {
    const cases = fc.integer({ min: 1, max: 5 }).chain((size) =>
      fc.record({
        channels: fc.integer({ min: 1, max: 3 }),
        size: fc.constant(size),
        isMirrored: fc.boolean(),
        down: fc.integer({ min: -3, max: 3 }),
        right: fc.integer({ min: -3, max: 3 }),
        values: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 75, maxLength: 75 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ channels, size, isMirrored, down, right, values }) => {
        const pixels = Uint8Array.from(values.slice(0, size * size * channels));
        const images = { pixels, labels: Uint8Array.of(0), count: 1, size, channels, classes: 2 };
        const maker = new BatchMaker(images, AS_THEY_ARE);
        const image = Array.from({ length: size }, (_, row) =>
          Array.from({ length: size }, (_, column) =>
            Array.from({ length: channels }, (_, channel) => pixels[(row * size + column) * channels + channel]!),
          ),
        );
        const moved = maker.make([0], [{ isMirrored, down, right }]);
        expect(Array.from(moved.pixels)).toEqual(naiveMove(image, isMirrored, 3, down, right).flat(2));
      }),
    );
  });

  test("every move is drawn about equally often, and an image moves as a whole", () => {
    const pixels = Uint8Array.from({ length: 16 }, (_, at) => at + 1);
    const images = { pixels, labels: Uint8Array.of(0), count: 1, size: 4, channels: 1, classes: 2 };
    const image = Array.from({ length: 4 }, (_, row) => Array.from({ length: 4 }, (_, at) => [pixels[4 * row + at]!]));
    const moves = [false, true].flatMap((isMirrored) =>
      [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => naiveMove(image, isMirrored, 1, down, right).flat(2))),
    );
    const recipe = recipeWith({ augmentation: { flip: true, cropPadding: 1 }, imagesPerEpoch: 3600, batchSize: 36 });
    const counts = new Map<string, number>();
    for (const batch of new ImageStream(images, recipe, 1).epoch()) {
      for (let at = 0; at < batch.labels.length; at++) {
        const text = Array.from(batch.pixels.subarray(16 * at, 16 * (at + 1))).join();
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    expect([...counts.keys()].sort()).toEqual(moves.map((move) => move.join()).sort());
    // 200 are expected of each, with a standard deviation below 14.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(70);
  });

  test.each([
    [{ flip: true, cropPadding: 0 }, 2],
    [{ flip: false, cropPadding: 1 }, 9],
    [NO_MOVES, 1],
  ])("%j gives %i different images", (augmentation, different) => {
    const pixels = Uint8Array.from({ length: 16 }, (_, at) => at + 1);
    const images = { pixels, labels: Uint8Array.of(0), count: 1, size: 4, channels: 1, classes: 2 };
    const recipe = recipeWith({ augmentation, imagesPerEpoch: 400, batchSize: 2 });
    const seen = [...new ImageStream(images, recipe, 1).epoch()].map((batch) => batch.pixels.subarray(0, 16).join());
    expect(new Set(seen).size).toBe(different);
  });
});

describe("normalisation", () => {
  const pixels = Uint8Array.of(0, 100, 255, 7, 8, 9, 1, 2, 3, 4, 5, 6);
  const images = { pixels, labels: Uint8Array.of(0), count: 1, size: 2, channels: 3, classes: 2 };

  test("is (pixel - mean) / deviation by channel, in float32", () => {
    const [mean, deviation] = [
      [10, 20.5, 30],
      [2, 3, 70.25],
    ];
    const { pixels: values } = new BatchMaker(images, { mean, deviation }).make([0]);
    const expected = [...pixels].map((value, at) => Math.fround((value - mean[at % 3]!) / deviation[at % 3]!));
    expect([...values]).toEqual(expected);
  });

  test("takes one value for all channels", () => {
    const { pixels: values } = new BatchMaker(images, { mean: [10], deviation: [4] }).make([0]);
    expect([...values]).toEqual([...pixels].map((value) => (value - 10) / 4));
  });

  test("what moves in is black, then normalised", () => {
    const moves = [{ isMirrored: false, down: 2, right: 0 }];
    const { pixels: values } = new BatchMaker(images, { mean: [10], deviation: [4] }).make([0], moves);
    expect([...values]).toEqual(Array(12).fill(-2.5));
  });

  test.each(["mean", "deviation"] as const)("a %s for another number of channels is refused", (name) => {
    const normalization = { mean: [1], deviation: [1], [name]: [1, 2] };
    const error = harnessErrorOf(() => new BatchMaker(images, normalization));
    expect(error.code).toBe("NAS_SCHEMA");
    expect(error.details.what).toBe(`the recipe's normalization.${name} has 2 values, the images have 3 channels`);
  });

  test("range gives images as they are", () => {
    const { pixels: values, labels } = new BatchMaker(numbered(5), AS_THEY_ARE).range(2, 4);
    expect([...values]).toEqual([...Array(16).fill(2), ...Array(16).fill(3)]);
    expect([...labels]).toEqual([2, 3]);
  });
});

test("batches of the toy recipe are the frozen ones", () => {
  const stream = new ImageStream(toyImages().train, toyRecipe(), 1);
  const hash = createHash("sha256");
  const labels: number[] = [];
  for (const batch of epochsOf(stream, 2).flat()) {
    labels.push(...batch.labels);
    hash.update(new Uint8Array(batch.pixels.buffer));
  }
  expect(labels.join("")).toBe("2210100212220211001101011202200221111201000120220111100000111111");
  expect(hash.digest("hex")).toBe("4614f00cb95c332a706e0a7a8ff5796c002a81a0e1246f1a96347cd490932a68");
});
