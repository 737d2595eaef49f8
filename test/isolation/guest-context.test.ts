import { describe, expect, test } from "vitest";
import { type AlgorithmContext, propose } from "../../core/plugins/algorithm.ts";
import { NAS_BENCH_201_SPACE } from "../../core/space/space.ts";
import type { Budget } from "../../schemas/generated/protocol.ts";
import { runsOf, start, tell } from "./guest-messages.ts";

/** What a method finds out at its first turn. */
function foundOut<T>(relabelled: boolean, look: (context: AlgorithmContext) => T): T | string {
  let found: T | undefined;
  const handle = runsOf((context) => ({
    ask: () => {
      found = look(context);
      return null;
    },
    tell: () => {},
  }));
  const reply = handle(start(0, { space: { id: "nas-bench-201", relabelled } }));
  return reply?.type === "error" ? reply.message : (found as T);
}

describe("a run with relabelled edges and operations", () => {
  const input = { classes: 10, imageSize: 32 };

  test.each<[string, (context: AlgorithmContext) => unknown]>([
    ["classOf", ({ space }) => space.classOf(5)],
    ["isReachable", ({ space }) => space.isReachable(5)],
    ["parametersOf", ({ space }) => space.parametersOf(5, input)],
    ["flopsOf", ({ space }) => space.flopsOf(5, input)],
  ])("refuses %s", (name, look) => {
    expect(foundOut(true, look)).toContain(`space.${name} can't be used in a run with relabelled edges`);
    expect(foundOut(false, look)).toBe(look({ space: NAS_BENCH_201_SPACE } as AlgorithmContext));
  });

  test("samples, mutates and translates as ever", () => {
    const look = ({ space, random }: AlgorithmContext) => {
      const sampled = space.sample(random);
      const moved = [space.mutate(sampled, random), space.mutateEdgeUniform(sampled, random)];
      const [text, choices] = [space.format(sampled), space.choicesOf(sampled)];
      const back = [space.parse(text), space.fromChoices(choices)];
      return { sampled, moved, back, choices, text, near: space.neighboursOf(sampled), size: space.size };
    };
    const found = foundOut(true, look);
    expect(found).toEqual(foundOut(false, look));
    expect(found).toMatchObject({ size: 15_625, near: { length: 24 } });
  });
});

describe("budget.affords", () => {
  test.each<[Budget["kind"], number, [remaining: number, affords4: boolean, affords12: boolean][]]>([
    [
      "simulated-ms",
      1000,
      [
        [0.5, true, true],
        [0, false, false],
        [-3, false, false],
      ],
    ],
    [
      "evaluations",
      2,
      [
        [1, true, true],
        [0, false, false],
      ],
    ],
    [
      "epochs",
      20,
      [
        [12, true, true],
        [11, true, false],
        [4, true, false],
        [3, false, false],
      ],
    ],
  ])("follows what is left of a budget in %s", (kind, limit, steps) => {
    const seen: boolean[][] = [];
    const handle = runsOf(({ budget }) => ({
      ask: () => {
        seen.push([budget.affords(4), budget.affords(12)]);
        return propose(5, 4);
      },
      tell: () => {},
    }));
    handle(start(0, { budget: { kind, limit } }));
    for (const [remaining] of steps) handle(tell(0, { remaining }));
    expect(seen).toEqual([[true, true], ...steps.map(([, four, twelve]) => [four, twelve])]);
  });
});
