import { expect, test } from "vitest";
import { packConstraints } from "../../core/isolation/wire-constraints.ts";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import { phoneLatency } from "../helpers/generated-costs.ts";
import { askPython, hasPython, needsPython } from "../helpers/python-client.ts";

const SCRIPT = `
import random
from nas_harness import Constraints, Space

free = Space()
constraints = Constraints(given["constraints"])
space = free._constrained(constraints)
generator = random.Random(1)
print(json.dumps({
    "limit": [constraints.limits[0].costs, constraints.limits[0].at_most, constraints.limits[0].unit],
    "allowed": [index for index in range(-1, space.size + 1) if constraints.allows(index)],
    "sampled": [space.sample(generator) for _ in range(3000)],
    "mutated": [space.mutate(given["fast"], generator) for _ in range(1000)],
    "uniform": [space.mutate_edge_uniform(given["fast"], generator) for _ in range(1000)],
    "neighbours": space.neighbours_of(given["fast"]),
    "lonely": space.mutate(given["lonely"], generator),
    "free": [Constraints().allows(given["lonely"]), len(free.neighbours_of(given["lonely"])),
             free._constrained(Constraints()) is free],
}))
`;

test.skipIf(!hasPython)(
  needsPython("the Python client keeps to constraints as the harness's own space does"),
  async () => {
    const flags = Uint8Array.from({ length: SPACE.size }, (_, index) => (phoneLatency(index) <= 4 ? 1 : 0));
    const limit = { costs: "generated-costs", column: "phone-latency", dataset: "cifar10", atMost: 4, unit: "ms" };
    const fast = flags.indexOf(1);
    const lonely = SPACE.fromChoices([3, 3, 3, 3, 3, 3]);
    const python = await askPython(SCRIPT, { constraints: packConstraints([limit], flags), fast, lonely });
    const allowed = [...flags.keys()].filter((index) => flags[index] === 1);
    const near = SPACE.neighboursOf(fast).filter((index) => flags[index] === 1);
    expect(python.limit).toEqual(["generated-costs", 4, "ms"]);
    expect(python.allowed).toEqual(allowed);
    expect(python.sampled.every((index: number) => flags[index] === 1)).toBe(true);
    expect(new Set(python.sampled).size).toBeGreaterThan(allowed.length / 2);
    expect(python.neighbours).toEqual(near);
    expect(new Set(python.mutated)).toEqual(new Set(near));
    expect(new Set(python.uniform)).toEqual(new Set(near));
    expect(flags[python.lonely]).toBe(1);
    expect(python.free).toEqual([true, 24, true]);
  },
);
