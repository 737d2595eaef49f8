import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { defaultAnswer, trajectoryOf } from "../../core/runner/answer.ts";
import type { TraceEntry } from "../../core/runner/evaluator.ts";
import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";

const [iclr] = loadProtocol("nas-bench-201").searches as [ProtocolSearch];
const [natsCifar10] = loadProtocol("nats-bench").searches as [ProtocolSearch];
const nats: ProtocolSearch = { ...natsCifar10, budget: { ...natsCifar10.budget, limit: 100 } };

/** Entries from [architecture, epochs, accuracy, cost]. */
const trace = (...entries: [number, number, number, number][]): TraceEntry[] =>
  entries.map(([architecture, epochs, accuracy, cost]) => [architecture, epochs, null, accuracy, cost]);

describe("the answer without interpolation", () => {
  test("is the highest accuracy at the answer's epochs, the first of equals", () => {
    expect(defaultAnswer(trace([4, 12, 50, 1], [5, 12, 70, 1], [6, 12, 70, 1]), iclr)).toEqual([
      { architecture: 5, weight: 1 },
    ]);
  });

  test("passes over evaluations at other epochs, unless any counts", () => {
    const entries = trace([4, 4, 90, 1], [5, 12, 70, 1]);
    expect(defaultAnswer(entries, iclr)[0]?.architecture).toBe(5);
    expect(defaultAnswer(entries, { ...iclr, answerEpochs: "any" })[0]?.architecture).toBe(4);
    expect(defaultAnswer(trace([4, 4, 90, 1]), iclr)).toEqual([]);
  });
});

describe("the answer at the budget of a protocol that interpolates", () => {
  test("lies between the incumbents before and after the limit", () => {
    // Points at 80 (architecture 1) and 120 (architecture 2); the limit 100 lies in the middle.
    expect(defaultAnswer(trace([1, 12, 50, 80], [2, 12, 60, 40]), nats)).toEqual([
      { architecture: 1, weight: 0.5 },
      { architecture: 2, weight: 0.5 },
    ]);
  });

  test("is one architecture where the incumbent did not change", () => {
    expect(defaultAnswer(trace([1, 12, 50, 80], [2, 12, 40, 40]), nats)).toEqual([{ architecture: 1, weight: 1 }]);
  });

  test("extrapolates where the two nearest points lie before the limit, as the authors' script does", () => {
    // Points at 90, 98 and 298: the two nearest to 100 are 98 (2 away) and 90 (10 away).
    const answers = defaultAnswer(trace([1, 12, 50, 90], [2, 12, 60, 8], [3, 12, 70, 200]), nats);
    expect(answers).toEqual([
      { architecture: 1, weight: -0.25 },
      { architecture: 2, weight: 1.25 },
    ]);
  });

  test("is the last incumbent of a run that ended before the limit", () => {
    expect(defaultAnswer(trace([1, 12, 50, 10], [2, 12, 60, 10]), nats)).toEqual([{ architecture: 2, weight: 1 }]);
  });

  test("of a run with a single evaluation is that one", () => {
    expect(defaultAnswer(trace([1, 12, 50, 500]), nats)).toEqual([{ architecture: 1, weight: 1 }]);
  });

  test("has weights that sum to 1 and architectures of the trace, whatever the trace", () => {
    const entry = fc.tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.constantFrom(1, 4, 12),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 1, max: 60 }),
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (entries) => {
        const answers = defaultAnswer(trace(...entries), nats);
        expect(answers.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
        for (const { architecture } of answers) expect(entries.map(([index]) => index)).toContain(architecture);
      }),
    );
  });
});

test("a trajectory never gets worse and starts with the first evaluation that counts", () => {
  const points = trajectoryOf(trace([7, 4, 90, 5], [1, 12, 50, 5], [2, 12, 40, 5], [3, 12, 60, 5]), 12);
  expect(points).toEqual([
    { spentMs: 10, architecture: 1 },
    { spentMs: 15, architecture: 1 },
    { spentMs: 20, architecture: 3 },
  ]);
});
