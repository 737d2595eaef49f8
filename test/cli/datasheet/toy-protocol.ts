import type { Protocol } from "../../../schemas/generated/protocol.ts";

/** A protocol on the known table: ten evaluations by `short`, reported by `full`. */
export const TOY_PROTOCOL: Protocol = {
  id: "toy-search",
  version: "1.0.0",
  title: "Ten evaluations on the toy table",
  description: "For tests.",
  space: "nas-bench-201",
  table: "toy",
  masterSeed: "toy",
  runs: 12,
  trainingBudget: null,
  searches: [
    {
      id: "cheap",
      dataset: "toy",
      recipe: "short",
      split: "valid",
      trials: "random",
      fidelities: [2],
      cost: { validation: "recorded" },
      budget: { kind: "evaluations", limit: 10, crossing: "reject" },
      answerEpochs: 2,
      report: [
        { column: "toy.valid", dataset: "toy", recipe: "full", split: "valid", epoch: 3 },
        { column: "toy.test", dataset: "toy", recipe: "full", split: "test", epoch: 3 },
      ],
    },
  ],
};
