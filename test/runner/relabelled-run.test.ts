import { describe, expect, inject, test } from "vitest";
import { type AlgorithmContext, defineAlgorithm, propose } from "../../core/plugins/algorithm.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { executeRun } from "../../core/runner/run.ts";
import { randomRelabelling } from "../../core/space/relabelling.ts";
import { runInputs, withBudget } from "../helpers/run-inputs.ts";

const budget = { kind: "evaluations", limit: 10, crossing: "reject" } as const;
const inputs = runInputs(inject("generatedTable"), withBudget(loadProtocol("nas-bench-201"), budget));
const relabelling = randomRelabelling(new Random(hashOf(["relabelled"])));

/** A hill climber that remembers what it proposed, in the names that it knows. */
function climber(proposed: number[], answer: (best: number) => number | null = () => null) {
  return defineAlgorithm({
    create: ({ space, random, budget: left, maxEpochs }: AlgorithmContext) => {
      let best = { architecture: space.sample(random), accuracy: -1 };
      return {
        ask: () => {
          if (!left.affords(maxEpochs)) return null;
          const architecture = best.accuracy < 0 ? best.architecture : space.mutate(best.architecture, random);
          proposed.push(architecture);
          return propose(architecture, maxEpochs);
        },
        tell: ({ architecture }, { validAccuracy }) => {
          if (validAccuracy > best.accuracy) best = { architecture, accuracy: validAccuracy };
        },
        answer: () => answer(best.architecture),
      };
    },
  });
}

describe("a relabelled run", () => {
  test("evaluates what the method's names stand for, and its record holds the true ones", () => {
    const proposed: number[] = [];
    const { trace, failure, answers } = executeRun(climber(proposed), { ...inputs, relabelling });
    expect(failure).toBeNull();
    expect(trace.map(([architecture]) => architecture)).toEqual(proposed.map(relabelling.toTrue));
    expect(trace.map(([architecture]) => architecture)).not.toEqual(proposed);
    expect(trace.map(([architecture]) => architecture)).toContain(answers[0]?.architecture);
  });

  test("translates the method's own answer once", () => {
    const proposed: number[] = [];
    const outcome = executeRun(
      climber(proposed, (best) => best),
      { ...inputs, relabelling },
    );
    const byRule = executeRun(climber([]), { ...inputs, relabelling });
    expect(outcome.answers).toEqual(byRule.answers);
  });

  test.each(["classOf", "isReachable", "parametersOf", "flopsOf"] as const)("refuses space.%s", (name) => {
    const input = { imageSize: 32, channels: 16, cellsPerStage: 5, classes: 10 };
    const curious = defineAlgorithm({
      create: ({ space }) => ({ ask: () => propose(Number(space[name](5, input as never)), 12), tell: () => {} }),
    });
    const { failure } = executeRun(curious, { ...inputs, relabelling });
    expect(failure).toMatchObject({ code: "NAS_ALGORITHM_THREW" });
    expect(failure?.what).toContain(`space.${name} can't be used`);
    const unhindered = executeRun(curious, inputs).failure?.what ?? "";
    expect(unhindered).not.toContain("can't be used");
  });

  test("still leaves what is no architecture to the guards", () => {
    const wrong = defineAlgorithm({ create: () => ({ ask: () => propose(15_625, 12), tell: () => {} }) });
    expect(executeRun(wrong, { ...inputs, relabelling }).failure).toMatchObject({ code: "NAS_PROPOSAL_INVALID" });
  });
});
