import { expect, test } from "vitest";
import { NAS_BENCH_201_SPACE as space } from "../../../core/space/space.ts";
import { runAlgorithm } from "../../../core/testing-entry.ts";
import rea from "../../../plugins/algorithms/rea/index.ts";

const accuracy = (architecture: number) => ((architecture * 37) % 101) % 100;
const options = { populationSize: 10, tournamentSize: 3, mutation: "node-uniform" };

test("every proposal after the population is a neighbour of one of the ten youngest", () => {
  const { trace, failure } = runAlgorithm(rea, { accuracy, options });
  expect(failure).toBeNull();
  const architectures = trace.map(([architecture]) => architecture);
  expect(architectures).toHaveLength(100);
  for (let at = 10; at < architectures.length; at++) {
    const neighbours = new Set(architectures.slice(at - 10, at).flatMap((member) => space.neighboursOf(member)));
    expect(neighbours.has(architectures[at] as number)).toBe(true);
  }
});

test("the oldest member dies even if it is the best", () => {
  // A tournament of 400 draws meets all ten members: the best living one is the parent, and the dead have no children.
  const choose = { ...options, tournamentSize: 400 };
  const { trace } = runAlgorithm(rea, { accuracy, options: choose });
  const architectures = trace.map(([architecture]) => architecture);
  for (let at = 10; at < architectures.length; at++) {
    const living = architectures.slice(at - 10, at);
    const best = Math.max(...living.map(accuracy));
    const parents = living.filter((member) => accuracy(member) === best);
    expect(parents.some((parent) => space.neighboursOf(parent).includes(architectures[at] as number))).toBe(true);
  }
});

test("a larger tournament selects harder", () => {
  const fitness = (architecture: number) => space.choicesOf(architecture).reduce((sum, choice) => sum + choice, 0);
  const meanOf = (tournamentSize: number) => {
    const accuracies = Array.from({ length: 20 }, (_, run) =>
      runAlgorithm(rea, { accuracy: fitness, seed: `${run}`, options: { ...options, tournamentSize } }).trace.slice(
        -20,
      ),
    ).flat();
    return accuracies.reduce((sum, [, , , units]) => sum + units, 0) / accuracies.length;
  };
  expect(meanOf(10)).toBeGreaterThan(meanOf(1));
});

test("edge-uniform mutation changes edge 1<-0 half as often as the authors'", () => {
  const firstEdgeChanges = (mutation: string) => {
    const { trace } = runAlgorithm(rea, {
      accuracy,
      options: { populationSize: 1, tournamentSize: 1, mutation },
      budget: { kind: "evaluations", limit: 3000 },
    });
    const choices = trace.map(([architecture]) => space.choicesOf(architecture));
    return choices.filter((each, at) => at > 0 && each[0] !== choices[at - 1]?.[0]).length / (choices.length - 1);
  };
  expect(firstEdgeChanges("node-uniform")).toBeCloseTo(1 / 3, 1);
  expect(Math.abs(firstEdgeChanges("edge-uniform") - 1 / 6)).toBeLessThan(0.03);
});
