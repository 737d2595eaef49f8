import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { type Constraints, openConstraints } from "../../core/costs/constraints.ts";
import { packConstraints, unpackAllowed } from "../../core/isolation/wire-constraints.ts";
import { type AlgorithmContext, defineAlgorithm, propose } from "../../core/plugins/algorithm.ts";
import { drawAllowed } from "../../core/plugins/constraints.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { Random } from "../../core/random/random.ts";
import { hashOf } from "../../core/random/seed.ts";
import { executeRun } from "../../core/runner/run.ts";
import { runConstraints } from "../../core/runner/run-constraints.ts";
import { randomRelabelling } from "../../core/space/relabelling.ts";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import { chiSquare } from "../helpers/chi-square.ts";
import { constrainedProtocol, FIVE_MS } from "../helpers/constrained-protocol.ts";
import { phoneLatency, writeGeneratedCosts } from "../helpers/generated-costs.ts";
import { runInputs, withBudget } from "../helpers/run-inputs.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { runsOf, start } from "../isolation/guest-messages.ts";

const folder = path.join(sharedTemporaryFolder(), "costs");
const { id, contentHash } = writeGeneratedCosts(folder);
const budget = { kind: "evaluations", limit: 60, crossing: "reject" } as const;
const protocol = withBudget(constrainedProtocol(), budget);
const constraintsOf = (atMost: number): Constraints => {
  const limited = constrainedProtocol([{ ...FIVE_MS, atMost }]);
  const [constraints] = openConstraints(limited, [{ id, folder, contentHash }]).bySearch.values();
  return constraints as Constraints;
};
const constraints = constraintsOf(5);
const inputs = { ...runInputs(inject("generatedTable"), protocol), constraints };
const relabelling = randomRelabelling(new Random(hashOf(["other operations"])));
const FAST = constraints.allowed.indexOf(1);
const SLOW = constraints.allowed.indexOf(0);

/** What a method finds out before its first proposal. */
function seen<T>(
  look: (context: AlgorithmContext) => T,
  changes: Partial<typeof inputs & { relabelling: typeof relabelling }> = {},
): T {
  let found: T | undefined;
  const create = (context: AlgorithmContext) => {
    found = look(context);
    return { ask: () => propose(context.space.sample(context.random), 12), tell: () => {} };
  };
  executeRun(defineAlgorithm({ create }), { ...inputs, ...changes });
  return found as T;
}

describe("the guards of a constrained run", () => {
  test("refuse a forbidden proposal with value, limit and unit, before it costs anything", () => {
    const search = function* () {
      yield propose(FAST, 12);
      yield propose(SLOW, 12);
    };
    const { failure, trace } = executeRun(defineAlgorithm({ search }), inputs);
    expect(trace).toHaveLength(1);
    expect(failure?.code).toBe("NAS_CONSTRAINT_VIOLATED");
    expect(failure?.what).toContain(
      `(${SLOW}): phone-latency (cifar10) must be at most 5 ms, it is ${phoneLatency(SLOW)} ms`,
    );
    expect(failure?.what).toContain("generated-costs 1.0.0");
  });

  test("refuse a forbidden answer, and take an allowed one", () => {
    const answering = (answer: number) =>
      defineAlgorithm({
        search: function* () {
          yield propose(FAST, 12);
          return answer;
        },
      });
    expect(executeRun(answering(SLOW), inputs).failure?.what).toMatch(/answered an architecture .* forbid/);
    expect(executeRun(answering(FAST), inputs)).toMatchObject({ failure: null, answers: [{ architecture: FAST }] });
  });

  test("let everything through where nothing is constrained", () => {
    const { constraints: _, ...free } = inputs;
    const search = function* ({ constraints: view }: AlgorithmContext) {
      expect([view.limits, view.allows(SLOW), view.allows(15_625)]).toEqual([[], true, false]);
      yield propose(SLOW, 12);
    };
    expect(executeRun(defineAlgorithm({ search }), free).failure).toBeNull();
  });

  test.each(["rs", "rea", "reinforce", "bohb"])("%s keeps to them, run for run the same", async (name) => {
    const plugin = locateAlgorithm(name);
    const algorithm = await loadAlgorithm(plugin);
    const options = resolveOptions(plugin.manifest, protocol);
    const outcome = executeRun(algorithm, { ...inputs, options });
    expect(outcome.failure).toBeNull();
    expect(outcome.trace.length).toBeGreaterThan(40);
    expect(Math.max(...outcome.trace.map(([architecture]) => phoneLatency(architecture)))).toBeLessThanOrEqual(5);
    expect(executeRun(algorithm, { ...inputs, options })).toEqual(outcome);
    const relabelled = executeRun(algorithm, { ...inputs, options, relabelling });
    expect(relabelled.failure).toBeNull();
    expect(Math.max(...relabelled.trace.map(([architecture]) => phoneLatency(architecture)))).toBeLessThanOrEqual(5);
  });
});

describe("the context of a constrained run", () => {
  test("names the limits, and nothing in it can be changed", () => {
    const { limits, frozen } = seen(({ constraints: view, space }) => ({
      limits: view.limits,
      frozen: [view, view.limits, view.limits[0], space].every(Object.isFrozen),
    }));
    expect(limits).toEqual([{ ...FIVE_MS, unit: "ms" }]);
    expect(frozen).toBe(true);
  });

  test("allows what the table allows, in relabelled coordinates too", () => {
    const all = ({ constraints: view, space }: AlgorithmContext) =>
      Array.from({ length: space.size }, (_, index) => (view.allows(index) ? 1 : 0));
    expect(seen(all)).toEqual([...constraints.allowed]);
    const relabelled = seen(all, { relabelling });
    expect(relabelled).toEqual(relabelled.map((_, name) => constraints.allowed[relabelling.toTrue(name)]));
    expect(relabelled).not.toEqual([...constraints.allowed]);
  });

  test("samples uniformly over what is allowed", () => {
    const tight = constraintsOf(3);
    const draws = seen(({ space, random }) => Array.from({ length: 200 * tight.count }, () => space.sample(random)), {
      constraints: tight,
    });
    const counts = new Map<number, number>();
    for (const draw of draws) counts.set(draw, (counts.get(draw) ?? 0) + 1);
    expect([...counts.keys()].every((index) => tight.allowed[index] === 1)).toBe(true);
    expect(counts.size).toBe(tight.count);
    // Wilson and Hilferty's bound for one in a thousand.
    const freedom = tight.count - 1;
    const bound = freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;
    expect(chiSquare([...counts.values()])).toBeLessThan(bound);
  });

  test("mutates to allowed neighbours, all of them, and samples where there is none", () => {
    const neighbours = SPACE.neighboursOf(FAST).filter((index) => constraints.allowed[index] === 1);
    const drawn = seen(({ space, random }) => ({
      listed: space.neighboursOf(FAST),
      mutated: Array.from({ length: 2000 }, () => space.mutate(FAST, random)),
      uniform: Array.from({ length: 2000 }, () => space.mutateEdgeUniform(FAST, random)),
    }));
    expect(neighbours.length).toBeGreaterThan(1);
    expect(drawn.listed).toEqual(neighbours);
    expect(new Set(drawn.mutated)).toEqual(new Set(neighbours));
    expect(new Set(drawn.uniform)).toEqual(new Set(neighbours));
    const lonely = seen(({ space, random }) => space.mutate(SPACE.fromChoices([3, 3, 3, 3, 3, 3]), random));
    expect(constraints.allowed[lonely]).toBe(1);
  });

  test("drawAllowed ends even if nothing that is drawn is allowed", () => {
    let drawn = 0;
    const slow = () => {
      drawn++;
      return SLOW;
    };
    const found = seen((context) => drawAllowed(context, slow));
    expect(constraints.allowed[found]).toBe(1);
    expect(drawn).toBe(1000);
    const { constraints: _, ...free } = inputs;
    let once: number | undefined;
    const create = (context: AlgorithmContext) => {
      once = drawAllowed(context, slow);
      return { ask: () => propose(FAST, 12), tell: () => {} };
    };
    executeRun(defineAlgorithm({ create }), free);
    expect([once, drawn]).toEqual([SLOW, 1001]);
  });
});

describe("a method in a process of its own", () => {
  test.each([[undefined], [relabelling]])("is told the same (relabelling %#)", (names) => {
    const { limits, allowed } = runConstraints(names === undefined ? inputs : { ...inputs, relabelling: names });
    const sent = packConstraints(limits, allowed as Uint8Array);
    expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(4000);
    expect([...(unpackAllowed(sent) as Uint8Array)]).toEqual([...(allowed as Uint8Array)]);
    let found: { limits: unknown; flags: number[]; sampled: number } | undefined;
    const handle = runsOf(({ constraints: view, space, random }) => {
      const flags = Array.from({ length: space.size }, (_, index) => (view.allows(index) ? 1 : 0));
      found = { limits: view.limits, flags, sampled: space.sample(random) };
      return { ask: () => null, tell: () => {} };
    });
    const space = { id: "nas-bench-201", relabelled: names !== undefined } as const;
    handle(start(0, { space, constraints: sent }));
    expect(found?.limits).toEqual(limits);
    expect(found?.flags).toEqual([...(allowed as Uint8Array)]);
    expect(allowed?.[found?.sampled as number]).toBe(1);
  });
});
