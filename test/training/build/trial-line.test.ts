import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FingerprintedPart } from "../../../core/training/build/part-inputs.ts";
import { type BuiltTrial, formatTrial, parseTrial } from "../../../core/training/build/trial-line.ts";
import { SPLITS } from "../../../core/training/trial.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { toyRecipe } from "../../helpers/toy-dataset.ts";
import { madeUpTrial } from "./built-trials.ts";

const partOf = (epochs: number, inputs = "0123456789abcdef"): FingerprintedPart => ({
  recipe: toyRecipe({ epochs }),
  seed: 1,
  inputs,
});
const WHERE = "work/short-1/1-of-1.trials:3";
const line = formatTrial(madeUpTrial(17, 4), partOf(4).inputs);

/** Any bits: numbers, infinities, -0 and every kind of NaN. */
const floats = (epochs: number) =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0x80000000, 0x7fc00000, 0xffc00001)), {
      minLength: epochs,
      maxLength: epochs,
    })
    .map((bits) => new Float32Array(Uint32Array.from(bits).buffer));

const trials = fc.integer({ min: 1, max: 12 }).chain((epochs) =>
  fc.record({
    architecture: fc.integer({ min: 0, max: 15_624 }),
    curves: fc.array(fc.record({ loss: floats(epochs), accuracy: floats(epochs) }), { minLength: 3, maxLength: 3 }),
    weightsSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    hasDiverged: fc.boolean(),
  }),
);

const bitsOf = ({ result }: BuiltTrial) =>
  SPLITS.flatMap((split) => [result.curves[split].loss, result.curves[split].accuracy]).map((values) => [
    ...new Uint32Array(values.buffer, values.byteOffset, values.length),
  ]);

describe("a stored line", () => {
  test("gives the trial back, bit for bit", () => {
    fc.assert(
      fc.property(trials, ({ architecture, curves: [train, valid, last], weightsSha256, hasDiverged }) => {
        const curves = { train: train!, valid: valid!, test: last! };
        const trial: BuiltTrial = { architecture, result: { curves, weightsSha256, hasDiverged } };
        const part = partOf(train!.loss.length);
        const text = formatTrial(trial, part.inputs);
        expect(text).not.toContain("\n");
        const read = parseTrial(text, part, WHERE);
        expect(bitsOf(read)).toEqual(bitsOf(trial));
        expect({ ...read.result, curves: null }).toEqual({ ...trial.result, curves: null });
        expect(read.architecture).toBe(architecture);
      }),
    );
  });

  test("curves that are views of a larger array are stored alone", () => {
    const trial = madeUpTrial(17, 4);
    const larger = new Float32Array(12);
    larger.set(trial.result.curves.train.loss, 3);
    const curves = { ...trial.result.curves, train: { ...trial.result.curves.train, loss: larger.subarray(3, 7) } };
    expect(formatTrial({ architecture: 17, result: { ...trial.result, curves } }, partOf(4).inputs)).toBe(line);
  });
});

describe("what is broken", () => {
  test("one changed character anywhere is detected and named", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: line.length - 1 }),
        fc
          .oneof(fc.integer({ min: 32, max: 126 }), fc.integer({ min: 0, max: 0xffff }))
          .map((c) => String.fromCharCode(c)),
        (at, character) => {
          fc.pre(character !== line[at]);
          const broken = line.slice(0, at) + character + line.slice(at + 1);
          const error = harnessErrorOf(() => parseTrial(broken, partOf(4), WHERE));
          expect(error.code).toBe("NAS_BUILD_CORRUPT");
          expect(error.details.where).toBe(WHERE);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("every place is covered: the checksum, what separates it and the text", () => {
    for (let at = 0; at < line.length; at++) {
      const broken = `${line.slice(0, at)}${line[at] === "x" ? "y" : "x"}${line.slice(at + 1)}`;
      expect(harnessErrorOf(() => parseTrial(broken, partOf(4), WHERE)).code, `at ${at}`).toBe("NAS_BUILD_CORRUPT");
    }
  });

  test("a line that was cut off or grew is detected", () => {
    for (let length = 0; length < line.length; length++) {
      const error = harnessErrorOf(() => parseTrial(line.slice(0, length), partOf(4), WHERE));
      expect(error.code).toBe("NAS_BUILD_CORRUPT");
    }
    expect(harnessErrorOf(() => parseTrial(`${line} `, partOf(4), WHERE)).code).toBe("NAS_BUILD_CORRUPT");
    expect(harnessErrorOf(() => parseTrial(line + line, partOf(4), WHERE)).code).toBe("NAS_BUILD_CORRUPT");
  });

  test("curves of another length are no trial of this recipe", () => {
    const error = harnessErrorOf(() => parseTrial(line, partOf(5), WHERE));
    expect(error.code).toBe("NAS_BUILD_CORRUPT");
    expect(error.details.what).toContain("a curve has 4 epochs, not 5");
  });
});

test("a whole line of other inputs is no corruption and is never trained over", () => {
  const error = harnessErrorOf(() => parseTrial(line, partOf(4, "fedcba9876543210"), WHERE));
  expect(error.code).toBe("NAS_RESUME_MISMATCH");
  expect(error.details.where).toBe(WHERE);
  expect(error.details.what).toContain("recipe short, seed 1");
});
