import { expect, test } from "vitest";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { type ControllerOptions, ControllerTraining } from "../../plugins/algorithms/enas/controller-training.ts";

/** All convolutions of size 3. */
const BEST = [3, 3, 3, 3, 3, 3];
const SPACE = { edges: 6, operations: 5 };

/** A controller with the authors' settings, but for a learning rate that suits a test. */
function controllerOf(seed: string, changes: Partial<ControllerOptions> = {}): ControllerTraining {
  const options = resolveOptions(locateAlgorithm("enas").manifest, { id: "nas-bench-201" });
  const settings = { ...(options as unknown as ControllerOptions), ...changes };
  return new ControllerTraining(SPACE, settings, new Random(hashOf(["bandit", seed])));
}

/** The share of edges on which an architecture is the best one. */
const reward = (choices: readonly number[]) =>
  choices.filter((choice, edge) => choice === BEST[edge]).length / BEST.length;

test.each(["a", "b"])("the controller learns a bandit with one known best architecture (%s)", (seed) => {
  const controller = controllerOf(seed, { controllerLearningRate: 0.005 });
  const first = controller.trainEpoch(reward);
  // One operation in five is right by chance, on six edges of ln 5 nats each.
  expect(first.accuracy).toBeLessThan(0.4);
  expect(first.entropy).toBeGreaterThan(0.8 * 6 * Math.log(5));
  let last = first;
  for (let epoch = 1; epoch < 8; epoch++) last = controller.trainEpoch(reward);
  expect(controller.greedy().choices).toEqual(BEST);
  expect(last.accuracy).toBeGreaterThan(0.9);
  expect(last.entropy).toBeLessThan(0.75 * first.entropy);
});

test("an entropy that is not detached pulls the controller together, as it does in the authors' files", () => {
  const constant = () => 0.5;
  const after = (entropyWeight: number) => {
    const controller = controllerOf("e", { entropyWeight, controllerLearningRate: 0.005 });
    controller.trainEpoch(constant);
    return controller.trainEpoch(constant).entropy;
  };
  expect(after(0.1)).toBeLessThan(after(0) - 1);
});

test("a controller that is saved and restored goes on to the same numbers", () => {
  const [whole, before, after] = [controllerOf("c"), controllerOf("c"), controllerOf("d")];
  const random = new Random(hashOf(["noise"]));
  const noise = Array.from({ length: 1000 }, () => random.uniform());
  let drawn = 0;
  const noisy = (choices: readonly number[]) => 0.5 * reward(choices) + 0.5 * (noise[drawn++ % noise.length] as number);
  whole.trainEpoch(noisy);
  drawn = 0;
  before.trainEpoch(noisy);
  expect(before.parameters).toEqual(whole.parameters);
  after.restore(structuredClone(before.save()));
  expect(after.save()).toEqual(whole.save());
  expect(after.parameters).not.toEqual(controllerOf("d").parameters);
});
