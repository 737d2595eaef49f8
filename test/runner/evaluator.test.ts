import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { defineAlgorithm, propose } from "../../core/plugins/algorithm.ts";
import { HookTable } from "../../core/plugins/hooks.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { Evaluator } from "../../core/runner/evaluator.ts";
import { executeRun } from "../../core/runner/run.ts";
import type { Budget } from "../../schemas/generated/protocol.ts";
import { runInputs, withBudget } from "../helpers/run-inputs.ts";

const iclr = loadProtocol("nas-bench-201");
const nats = loadProtocol("nats-bench");

function evaluatorFor(protocol = iclr, hooks = new HookTable(), runIndex = 0) {
  const { search, table, seed, run } = runInputs(inject("generatedTable"), protocol, "made-up", runIndex);
  return new Evaluator(search, table, seed, hooks, run);
}

describe("the budget", () => {
  test.each<[string, Budget]>([
    ["simulated time", { kind: "simulated-ms", limit: 1_500_000, crossing: "reject" }],
    ["evaluations", { kind: "evaluations", limit: 7, crossing: "reject" }],
    ["epochs", { kind: "epochs", limit: 30, crossing: "reject" }],
  ])("in %s is never exceeded, whatever is proposed", (_, budget) => {
    const proposal = fc.record({
      architecture: fc.integer({ min: 0, max: 15_624 }),
      epochs: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(proposal, { minLength: 1, maxLength: 60 }), (proposals) => {
        const evaluator = evaluatorFor(withBudget(nats, budget));
        try {
          for (const each of proposals) if (evaluator.evaluate(each) !== "evaluated") break;
        } catch (error) {
          expect(error).toMatchObject({ code: "NAS_BUDGET_EXCEEDED" });
        }
        const spent = {
          "simulated-ms": evaluator.trace.reduce((sum, [, , , , costMs]) => sum + costMs, 0),
          evaluations: evaluator.trace.length,
          epochs: evaluator.trace.reduce((sum, [, epochs]) => sum + epochs, 0),
        }[budget.kind];
        expect(spent).toBe(evaluator.ledger.spent);
        expect(spent).toBeLessThanOrEqual(budget.limit);
      }),
      { numRuns: 40 },
    );
  });

  test("under reject the first proposal that does not fit ends the run, even if a cheaper one would fit", () => {
    const evaluator = evaluatorFor(withBudget(nats, { kind: "simulated-ms", limit: 100_000, crossing: "reject" }));
    expect(evaluator.evaluate(propose(0, 1))).toBe("evaluated");
    expect(evaluator.evaluate(propose(0, 12))).toBe("over");
    expect(evaluator.trace).toHaveLength(1);
  });

  test("under keep-and-interpolate the crossing evaluation is kept and ends the run", () => {
    const evaluator = evaluatorFor(
      withBudget(nats, { kind: "simulated-ms", limit: 100_000, crossing: "keep-and-interpolate" }),
    );
    expect(evaluator.evaluate(propose(0, 1))).toBe("evaluated");
    expect(evaluator.evaluate(propose(0, 12))).toBe("evaluated-and-over");
    expect(evaluator.trace).toHaveLength(2);
    expect(evaluator.ledger.remaining).toBeLessThan(0);
  });

  test("a repeated evaluation is charged again in full", () => {
    const evaluator = evaluatorFor(loadProtocol("nas-bench-201-mean"));
    evaluator.evaluate(propose(42, 12));
    evaluator.evaluate(propose(42, 12));
    const [first, second] = evaluator.trace;
    expect(second).toEqual(first);
    expect(evaluator.ledger.spentMs).toBe(2 * (first?.[4] ?? 0));
  });
});

describe("trials", () => {
  test("policy random draws single trials only, anew at each repetition, and is the same in each execution", () => {
    const draw = (runIndex: number) => {
      const evaluator = evaluatorFor(
        withBudget(iclr, { kind: "evaluations", limit: 60, crossing: "reject" }),
        undefined,
        runIndex,
      );
      for (let at = 0; at < 60; at++) evaluator.evaluate(propose(at % 3, 12));
      return evaluator.trace.map(([, , seed]) => seed);
    };
    const seeds = draw(0);
    expect(new Set(seeds)).toEqual(new Set([111, 777]));
    expect(draw(0)).toEqual(seeds);
    expect(draw(1)).not.toEqual(seeds);
  });

  test("policy mean gives the mean of the single trials and no trial seed", () => {
    const single = evaluatorFor(withBudget(iclr, { kind: "evaluations", limit: 100, crossing: "reject" }));
    for (let at = 0; at < 100; at++) single.evaluate(propose(9, 12));
    const bySeed = new Map(single.trace.map(([, , seed, accuracy]) => [seed, accuracy]));
    const mean = evaluatorFor(loadProtocol("nas-bench-201-mean"));
    mean.evaluate(propose(9, 12));
    const expected = ((bySeed.get(111) ?? 0) + (bySeed.get(777) ?? 0)) / 2;
    expect(mean.trace[0]?.[2]).toBeNull();
    expect(Math.abs((mean.trace[0]?.[3] ?? 0) - expected)).toBeLessThanOrEqual(1);
  });

  test("the algorithm's generator does not see which trials are drawn", () => {
    const search = function* ({ random }: { random: { uniform(): number } }) {
      for (let at = 0; at < 5; at++) yield propose(at, 12);
      drawn.push(random.uniform());
    };
    const drawn: number[] = [];
    executeRun(defineAlgorithm({ search }), runInputs(inject("generatedTable")));
    const alone: number[] = [];
    const noneEvaluated = function* ({ random }: { random: { uniform(): number } }) {
      alone.push(random.uniform());
      yield propose(0, 12);
    };
    executeRun(defineAlgorithm({ search: noneEvaluated }), runInputs(inject("generatedTable")));
    expect(drawn).toEqual(alone);
  });
});

describe("extensions", () => {
  test("a refusal ends the run, is named, and comes after the core's guards", () => {
    const hooks = new HookTable();
    const seen: number[] = [];
    hooks.forExtensions().tap("proposed", "only-even", ({ proposal }) => {
      seen.push(proposal.architecture);
      return proposal.architecture % 2 === 0 ? undefined : "odd architectures are not measured";
    });
    const evaluator = evaluatorFor(iclr, hooks);
    expect(evaluator.evaluate(propose(2, 12))).toBe("evaluated");
    expect(() => evaluator.evaluate(propose(99_999, 12))).toThrow("NAS_PROPOSAL_INVALID");
    expect(evaluator.evaluate(propose(3, 12))).toBe("over");
    expect(seen).toEqual([2, 3]);
    expect(evaluator.refusal).toEqual({ by: "only-even", reason: "odd architectures are not measured" });
    expect(evaluator.trace).toHaveLength(1);
  });

  test("observers see each evaluation and each rise of the incumbent, and can't change them", () => {
    const hooks = new HookTable();
    const evaluated: number[] = [];
    const risen: number[] = [];
    hooks.forExtensions().tap("evaluated", "watch", (event) => {
      evaluated.push(event.validAccuracy);
      expect(Object.isFrozen(event)).toBe(true);
    });
    hooks.forExtensions().tap("incumbentChanged", "watch", (event) => risen.push(event.validAccuracy));
    const evaluator = evaluatorFor(iclr, hooks);
    for (const architecture of [1835, 0, 9, 11_472, 123]) evaluator.evaluate(propose(architecture, 12));
    expect(evaluated).toEqual(evaluator.trace.map(([, , , accuracy]) => accuracy / 10_000));
    expect(risen).toEqual(evaluated.filter((value, at) => evaluated.slice(0, at).every((before) => before < value)));
  });
});
