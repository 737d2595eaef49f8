import { describe, expect, test } from "vitest";
import { resolveOptions } from "../../../core/plugins/options.ts";
import { locateAlgorithm } from "../../../core/plugins/plugin-location.ts";
import { Random } from "../../../core/random/random.ts";
import { NAS_BENCH_201_SPACE as space } from "../../../core/space/space.ts";
import { runAlgorithm } from "../../../core/testing-entry.ts";
import { bracketRungs, rungBudgets } from "../../../plugins/algorithms/bohb/brackets.ts";
import bohb from "../../../plugins/algorithms/bohb/index.ts";
import { KernelDensity } from "../../../plugins/algorithms/bohb/kernel-density.ts";
import manifest from "../../../plugins/algorithms/bohb/plugin.json" with { type: "json" };
import { ProposalModel } from "../../../plugins/algorithms/bohb/proposal-model.ts";
import type { AlgorithmManifest } from "../../../schemas/generated/plugin-manifest.ts";

const optionsFor = (protocol: string, user = {}) =>
  resolveOptions(manifest as AlgorithmManifest, { id: protocol }, user);
const random = () => new Random("00112233445566778899aabbccddeeff");

describe("brackets", () => {
  test("cycle as hpbandster's with three rungs: 20 evaluations in three brackets", () => {
    const shape = (bracket: number) =>
      bracketRungs(bracket, 3, 3).map(({ level, configurations }) => [level, configurations]);
    expect(shape(0)).toEqual([
      [0, 9],
      [1, 3],
      [2, 1],
    ]);
    expect(shape(1)).toEqual([
      [1, 3],
      [2, 1],
    ]);
    expect(shape(2)).toEqual([[2, 3]]);
    expect(shape(3)).toEqual(shape(0));
  });

  test.each([
    [1, 12, [1.33, 4, 12]],
    [12, 200, [22.22, 66.67, 200]],
    [1, 27, [1, 3, 9, 27]],
    [5, 5, [5]],
  ])("budgets from %d to %d fall by thirds", (least, most, expected) => {
    expect(rungBudgets(least, most, 3).map((budget) => Number(budget.toFixed(2)))).toEqual(expected);
  });
});

describe("the kernel density", () => {
  const rule = { levels: 5, minBandwidth: 0.3, quirks: true };

  test("with quirks is what statsmodels computes, by hand", () => {
    // Bandwidth: 1.06 x std of the category numbers x n^(-1/(4 + 1)); std of [0, 0, 2, 2] is 1; 4^(-0.2) = 0.75786.
    const density = new KernelDensity([[0], [0], [2], [2]], rule);
    expect(density.bandwidths[0]).toBeCloseTo(1.06 * 0.757858, 5);
    const bandwidth = density.bandwidths[0] as number;
    // Two distinct values occur, so the whole bandwidth goes to the one other value.
    expect(density.density([0])).toBeCloseTo((2 * (1 - bandwidth) + 2 * bandwidth) / 4, 12);
    expect(density.density([4])).toBeCloseTo(bandwidth, 12);
  });

  test("with quirks has no upper bound on bandwidths, so densities turn negative", () => {
    const density = new KernelDensity([[0], [4], [0], [4], [0], [4], [0]], rule);
    expect(density.bandwidths[0]).toBeGreaterThan(1);
    const alike = new KernelDensity(
      [
        [0, 0],
        [4, 4],
        [0, 0],
        [4, 4],
        [0, 0],
        [4, 4],
        [0, 0],
      ],
      rule,
    );
    expect(alike.density([0, 4])).toBeLessThan(0);
  });

  test("with quirks divides by zero where a parameter has a single value", () => {
    const density = new KernelDensity([[1], [1], [1]], rule);
    expect(density.bandwidths[0]).toBe(0.3);
    expect(density.density([1])).toBeCloseTo(0.7, 12);
    expect(density.density([2])).toBe(Number.POSITIVE_INFINITY);
  });

  test("without quirks is a probability over all points, whatever the data", () => {
    const generator = random();
    for (const size of [1, 3, 8, 40]) {
      const data = Array.from({ length: size }, () => [generator.integer(5), generator.integer(5)]);
      const density = new KernelDensity(data, { ...rule, quirks: false });
      let total = 0;
      for (let first = 0; first < 5; first++) {
        for (let second = 0; second < 5; second++) {
          const value = density.density([first, second]);
          expect(value).toBeGreaterThanOrEqual(0);
          total += value;
        }
      }
      expect(total).toBeCloseTo(1, 9);
    }
  });
});

describe("the proposal model", () => {
  const settings = { levels: 5, minBandwidth: 0.3, parameters: 6, samples: 4, randomFraction: 0, topPercent: 15 };
  const feed = (model: ProposalModel, count: number, good: number[], bad: number[]) => {
    for (let at = 0; at < count; at++)
      model.observe(0, at % 2 === 0 ? good : bad, at % 2 === 0 ? 1 + at / 1000 : 50 + at / 1000);
  };
  const share = (model: ProposalModel, point: number[]) => {
    const generator = random();
    const proposals = Array.from({ length: 300 }, () => model.propose(generator));
    return proposals.filter((proposal) => proposal[0] === point[0]).length / proposals.length;
  };

  test("is uniform until 14 points make a good and a bad set of seven", () => {
    const model = new ProposalModel({ ...settings, quirks: false });
    const [good, bad] = [
      [3, 3, 3, 3, 3, 3],
      [0, 0, 0, 0, 0, 0],
    ];
    feed(model, 13, good, bad);
    expect(share(model, good)).toBeLessThan(0.3);
    feed(model, 1, good, bad);
    expect(share(model, good)).toBeGreaterThan(0.6);
  });

  test("ignores results below the budget that it models", () => {
    const model = new ProposalModel({ ...settings, quirks: false });
    const [good, bad] = [
      [3, 3, 3, 3, 3, 3],
      [0, 0, 0, 0, 0, 0],
    ];
    for (let at = 0; at < 14; at++) model.observe(2, at % 2 === 0 ? good : bad, at % 2 === 0 ? 1 : 50);
    const before = share(model, good);
    for (let at = 0; at < 40; at++) model.observe(0, at % 2 === 0 ? bad : good, at % 2 === 0 ? 1 : 50);
    expect(share(model, good)).toBe(before);
  });
});

describe("a run", () => {
  const accuracy = (architecture: number) =>
    space.choicesOf(architecture).filter((choice) => choice === 3).length * 10 + (architecture % 97) / 100;

  test("under the ICLR settings trains every rung in full and answers from the highest rung", () => {
    const { trace, answers, failure } = runAlgorithm(bohb, {
      accuracy,
      options: optionsFor("nas-bench-201"),
      fidelities: [4, 12],
      budget: { kind: "evaluations", limit: 20 },
    });
    expect(failure).toBeNull();
    expect(trace.every(([, epochs]) => epochs === 12)).toBe(true);
    const architectures = trace.map(([architecture]) => architecture);
    // Brackets [9, 3, 1], [3, 1], [3]: evaluations 12, 16 and 17 to 19 are on the highest rung.
    const highest = [12, 16, 17, 18, 19].map((at) => architectures[at] as number);
    const best = highest.reduce((a, b) => (accuracy(b) > accuracy(a) ? b : a));
    expect(answers).toEqual([{ architecture: best, weight: 1 }]);
    // The bracket's survivors are the best three of nine, evaluated and paid for again.
    const survivors = architectures
      .slice(0, 9)
      .sort((a, b) => accuracy(b) - accuracy(a))
      .slice(0, 3);
    expect(new Set(architectures.slice(9, 12))).toEqual(new Set(survivors));
  });

  test("under the NATS settings trains for 1, 4 and 12 epochs", () => {
    const fidelities = Array.from({ length: 12 }, (_, at) => at + 1);
    const { trace } = runAlgorithm(bohb, {
      accuracy,
      options: optionsFor("nats-bench"),
      fidelities,
      budget: { kind: "evaluations", limit: 20 },
    });
    expect(trace.map(([, epochs]) => epochs)).toEqual([...Array(9).fill(1), 4, 4, 4, 12, 4, 4, 4, 12, 12, 12, 12]);
  });

  test("as multi-fidelity variant trains for three rungs up to the most epochs, each from scratch", () => {
    const { manifest: variant } = locateAlgorithm("bohb-multi-fidelity");
    const fidelities = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const { trace, answers, failure } = runAlgorithm(bohb, {
      accuracy: (architecture, epochs) => accuracy(architecture) - epochs / 10_000,
      options: resolveOptions(variant, { id: "other" }),
      fidelities,
      budget: { kind: "evaluations", limit: 40 },
    });
    expect(failure).toBeNull();
    const cycle = [...Array(9).fill(1), 3, 3, 3, 9, 3, 3, 3, 9, 9, 9, 9];
    expect(trace.map(([, epochs]) => epochs)).toEqual([...cycle, ...cycle]);
    // Lower rungs score higher here: an answer from all of them would be another one.
    const highest = trace.filter(([, epochs]) => epochs === 9);
    const best = highest.reduce((a, b) => (b[3] > a[3] ? b : a));
    expect(answers).toEqual([{ architecture: best[0], weight: 1 }]);
  });

  test("as multi-fidelity variant is plain BOHB where a protocol has the published rungs, or a single fidelity", () => {
    const { manifest: variant } = locateAlgorithm("bohb-multi-fidelity");
    const traceOf = (options: Record<string, unknown>, fidelities: number[]) =>
      runAlgorithm(bohb, { accuracy, options, fidelities, budget: { kind: "evaluations", limit: 60 } }).trace;
    const twelve = Array.from({ length: 12 }, (_, at) => at + 1);
    expect(traceOf(resolveOptions(variant, { id: "nats-bench" }), twelve)).toEqual(
      traceOf(optionsFor("nats-bench"), twelve),
    );
    expect(traceOf(resolveOptions(variant, { id: "nas-bench-201" }), [12])).toEqual(
      traceOf(optionsFor("nas-bench-201"), [12]),
    );
  });

  test("ends after its brackets", () => {
    const { trace, failure } = runAlgorithm(bohb, {
      accuracy,
      options: optionsFor("other", { brackets: 3 }),
      budget: { kind: "evaluations", limit: 500 },
    });
    expect(failure).toBeNull();
    expect(trace).toHaveLength(20);
  });

  test("finds better architectures without hpbandster's quirks than with them", () => {
    const meanBest = (hpbandsterQuirks: boolean) => {
      const bests = Array.from({ length: 30 }, (_, run) => {
        const { trace } = runAlgorithm(bohb, {
          accuracy,
          seed: `${run}`,
          options: optionsFor("nas-bench-201", { hpbandsterQuirks }),
          budget: { kind: "evaluations", limit: 100 },
        });
        return Math.max(...trace.map(([, , , units]) => units));
      });
      return bests.reduce((sum, best) => sum + best, 0) / bests.length;
    };
    expect(meanBest(false)).toBeGreaterThan(meanBest(true));
  });
});
