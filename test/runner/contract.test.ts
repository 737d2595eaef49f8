import { describe, expect, inject, test } from "vitest";
import { type AlgorithmContext, defineAlgorithm, propose, type Searcher } from "../../core/plugins/algorithm.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { executeRun } from "../../core/runner/run.ts";
import { runInputs, withBudget } from "../helpers/run-inputs.ts";

const protocol = loadProtocol("nas-bench-201");
const tenEvaluations = withBudget(protocol, { kind: "evaluations", limit: 10, crossing: "reject" });

function run(create: (context: AlgorithmContext) => Searcher, under = protocol) {
  return executeRun(defineAlgorithm({ create }), runInputs(inject("generatedTable"), under));
}

/** A searcher that proposes the same thing for ever. */
const proposing = (proposal: unknown) => () => ({ ask: () => proposal as never, tell: () => {} });

describe("a method that breaks its contract fails its run and is named", () => {
  test.each([
    ["an index past the space", { architecture: 15_625, epochs: 12 }, "NAS_PROPOSAL_INVALID", "15625"],
    ["a negative index", { architecture: -1, epochs: 12 }, "NAS_PROPOSAL_INVALID", "-1"],
    ["a fraction", { architecture: 1.5, epochs: 12 }, "NAS_PROPOSAL_INVALID", "1.5"],
    ["NaN", { architecture: Number.NaN, epochs: 12 }, "NAS_PROPOSAL_INVALID", "NaN"],
    ["infinity", { architecture: Number.POSITIVE_INFINITY, epochs: 12 }, "NAS_PROPOSAL_INVALID", "Infinity"],
    ["a string", { architecture: "|none~0|", epochs: 12 }, "NAS_PROPOSAL_INVALID", "none~0"],
    ["a bigint", { architecture: 5n, epochs: 12 }, "NAS_PROPOSAL_INVALID", "5"],
    ["nothing", { epochs: 12 }, "NAS_PROPOSAL_INVALID", "undefined"],
    ["a bare index", 5, "NAS_PROPOSAL_INVALID", "5"],
    ["undefined", undefined, "NAS_PROPOSAL_INVALID", "undefined"],
    ["a promise", Promise.resolve(null), "NAS_PROPOSAL_INVALID", "undefined"],
    [
      "an object that can't be shown",
      { architecture: Object.create(null), epochs: 12 },
      "NAS_PROPOSAL_INVALID",
      "object",
    ],
    ["epochs that are not offered", { architecture: 5, epochs: 200 }, "NAS_PROPOSAL_EPOCHS", "200"],
    ["NaN epochs", { architecture: 5, epochs: Number.NaN }, "NAS_PROPOSAL_EPOCHS", "NaN"],
    ["no epochs", { architecture: 5 }, "NAS_PROPOSAL_EPOCHS", "undefined"],
    ["another dataset", { architecture: 5, epochs: 12, dataset: "cifar100" }, "NAS_PROPOSAL_SPLIT", "cifar100"],
    ["the test split", { architecture: 5, epochs: 12, split: "test" }, "NAS_PROPOSAL_SPLIT", "test"],
    ["another recipe", { architecture: 5, epochs: 12, recipe: "200-epochs" }, "NAS_PROPOSAL_SPLIT", "200-epochs"],
  ])("proposing %s", (_, proposal, code, shown) => {
    const { failure, answers, trace } = run(proposing(proposal));
    expect(failure).toMatchObject({ code });
    expect(failure?.what).toContain("made-up");
    expect(failure?.what).toContain(shown);
    expect(answers).toEqual([]);
    expect(trace).toEqual([]);
  });

  test("naming the protocol's own dataset and split is allowed", () => {
    const { failure, trace } = run(
      proposing({ architecture: 5, epochs: 12, dataset: "cifar10-valid", split: "valid" }),
    );
    expect(failure).toBeNull();
    expect(trace.length).toBeGreaterThan(10);
  });

  test("proposing for ever under a budget of 10 evaluations", () => {
    const { failure, trace } = run(proposing({ architecture: 5, epochs: 12 }), tenEvaluations);
    expect(trace).toHaveLength(10);
    expect(failure).toMatchObject({ code: "NAS_BUDGET_EXCEEDED" });
    expect(failure?.what).toMatch(/made-up .*10 of 10 evaluations/);
  });

  test("asking whether the budget affords more ends such a run well", () => {
    const create = ({ budget }: AlgorithmContext) => ({
      ask: () => (budget.affords(12) ? propose(5, 12) : null),
      tell: () => {},
    });
    expect(run(create, tenEvaluations)).toMatchObject({ failure: null, answers: [{ architecture: 5, weight: 1 }] });
  });

  test.each(["create", "ask", "tell", "answer"] as const)("throwing in %s", (step) => {
    const fail = () => {
      throw new Error("made up");
    };
    const { failure } = run(() => {
      if (step === "create") fail();
      let asked = 0;
      return {
        ask: () => (step === "ask" ? fail() : asked++ < 3 ? propose(7, 12) : null),
        tell: () => (step === "tell" ? fail() : undefined),
        answer: () => (step === "answer" ? fail() : null),
      };
    });
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_THREW" });
    expect(failure?.what).toContain(`made-up threw in ${step}: made up`);
  });

  test.each([null, undefined, "a text", { toString: null }])("throwing %s", (thrown) => {
    const { failure } = run(() => {
      throw thrown;
    });
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_THREW" });
  });

  test("an error of the harness's own functions is the plugin's when the plugin caused it", () => {
    const { failure } = run(({ space }) => ({ ask: () => propose(space.parse("|nonsense~0|"), 12), tell: () => {} }));
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_THREW" });
    expect(failure?.what).toContain("nonsense");
  });

  test.each([
    ["an evaluation", (_: AlgorithmContext, evaluation: object) => Object.assign(evaluation, { validAccuracy: 100 })],
    [
      "a new field of an evaluation",
      (_: AlgorithmContext, evaluation: object) => Object.assign(evaluation, { more: 1 }),
    ],
    ["the context", (context: AlgorithmContext) => Object.assign(context, { maxEpochs: 1 })],
    ["the options", (context: AlgorithmContext) => Object.assign(context.options, { size: 1 })],
    ["the space", (context: AlgorithmContext) => Object.assign(context.space, { size: 1 })],
    ["the edges", (context: AlgorithmContext) => Object.assign(context.space.edges, { 0: null })],
    ["the operations", (context: AlgorithmContext) => (context.space.operations as string[]).push("identity")],
    ["the budget", (context: AlgorithmContext) => Object.assign(context.budget, { limit: 1e12 })],
    ["the fidelities", (context: AlgorithmContext) => (context.fidelities as number[]).push(200)],
    ["the generator", (context: AlgorithmContext) => Object.assign(context.random, { integer: () => 0 })],
    [
      "the generator's class",
      (context: AlgorithmContext) => Object.assign(Object.getPrototypeOf(context.random), { integer: () => 0 }),
    ],
    [
      "an option by deleting it",
      (context: AlgorithmContext) =>
        Reflect.deleteProperty(context.protocol, "id") || delete (context.protocol as { id?: string }).id,
    ],
  ])("changing %s", (_, change) => {
    const { failure, trace } = run((context) => ({
      ask: () => propose(7, 12),
      tell: (__, evaluation) => {
        change(context, evaluation);
      },
    }));
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_MUTATED" });
    expect(failure?.what).toContain("made-up tried to change what the harness gave it");
    expect(trace).toHaveLength(1);
  });

  test.each([15_625, -1, Number.NaN, "5", {}])("answering %s", (answer) => {
    let asked = 0;
    const { failure } = run(() => ({
      ask: () => (asked++ < 2 ? propose(7, 12) : null),
      tell: () => {},
      answer: () => answer as number,
    }));
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_ANSWER" });
  });

  test("ending without any evaluation and without an answer", () => {
    expect(run(proposing(null)).failure).toMatchObject({ code: "NAS_ALGORITHM_ANSWER" });
  });

  test("a proposal that changes between two looks is evaluated as it was at the first", () => {
    let reads = 0;
    const shifty = {
      get architecture() {
        return reads++ === 0 ? 7 : 8;
      },
      epochs: 12,
    };
    let asked = 0;
    const { trace } = run(() => ({ ask: () => (asked++ < 1 ? shifty : null), tell: () => {} }));
    expect(trace.map(([architecture]) => architecture)).toEqual([7]);
  });

  test("a generator that goes on proposing after its end", () => {
    const search = function* () {
      try {
        for (;;) yield propose(5, 12);
      } finally {
        yield propose(6, 12);
      }
    };
    const { failure } = executeRun(defineAlgorithm({ search }), runInputs(inject("generatedTable")));
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_THREW" });
    expect(failure?.what).toContain("goes on proposing");
  });
});

describe("a method that keeps its contract", () => {
  test("gets one tell after each ask, with the object that it proposed", () => {
    const calls: string[] = [];
    const proposals: unknown[] = [];
    run(() => ({
      ask: () => {
        calls.push("ask");
        if (calls.length > 20) return null;
        const proposal = propose(calls.length, 12);
        proposals.push(proposal);
        return proposal;
      },
      tell: (proposal) => {
        calls.push("tell");
        expect(proposal).toBe(proposals.at(-1));
      },
      answer: () => {
        calls.push("answer");
        return null;
      },
    }));
    expect(calls.join(" ")).toMatch(/^(ask tell )+ask answer$/);
  });

  test("is told what the trace holds: accuracy, cost, clock and what is left", () => {
    const told: { validAccuracy: number; costMs: number; spentMs: number; remaining: number }[] = [];
    const { trace } = run(({ random, space, budget }) => ({
      ask: () => (budget.affords(12) ? propose(space.sample(random), 12) : null),
      tell: (_, evaluation) => told.push(evaluation),
    }));
    let spent = 0;
    expect(told).toHaveLength(trace.length);
    trace.forEach(([, , , accuracy, costMs], at) => {
      spent += costMs;
      expect(told[at]).toEqual({
        validAccuracy: accuracy / 10_000,
        costMs,
        spentMs: spent,
        remaining: 12_000_000 - spent,
      });
    });
  });

  test("answers any architecture of the space, evaluated or not", () => {
    let asked = 0;
    const { answers } = run(() => ({
      ask: () => (asked++ < 1 ? propose(7, 12) : null),
      tell: () => {},
      answer: () => 99,
    }));
    expect(answers).toEqual([{ architecture: 99, weight: 1 }]);
  });

  test("a null answer is the best evaluation, the first of equals", () => {
    const sequence = [7, 3, 7, 3];
    const { answers, trace } = run(() => ({
      ask: () => (sequence.length > 0 ? propose(sequence.shift() as number, 12) : null),
      tell: () => {},
      answer: () => null,
    }));
    const best = Math.max(...trace.map(([, , , accuracy]) => accuracy));
    expect(answers[0]?.architecture).toBe(trace.find(([, , , accuracy]) => accuracy === best)?.[0]);
  });
});
