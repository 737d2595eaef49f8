import { beforeAll, describe, expect, test } from "vitest";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import { chiSquare } from "../helpers/chi-square.ts";
import { askPython, hasPython, needsPython } from "../helpers/python-client.ts";

const PARENT = 6111;
const DRAWS = 3000;
const SOME = [0, 1, 12, 6111, 15_624];
const SCRIPT = `
import random
from nas_harness import Space

space = Space()
everything = range(space.size)

def draws(step):
    generator = random.Random(1)
    return [step(given["parent"], generator) for _ in range(given["draws"])]

formats = [space.format(index) for index in everything]
class Integer:
    def __init__(self, value):
        self.value = value
    def __index__(self):
        return self.value

def refusal(architecture):
    try:
        return space.choices_of(architecture)
    except ValueError as error:
        return str(error)

generator = random.Random(2)
print(json.dumps({
    "size": space.size,
    "operations": space.operations,
    "edges": space.edges,
    "formats": formats,
    "parsed": [space.parse(text) for text in formats],
    "choices": [space.choices_of(index) for index in everything],
    "chosen": [space.from_choices(space.choices_of(index)) for index in everything],
    "operationsOf": [space.operations_of(index) for index in given["some"]],
    "neighbours": [space.neighbours_of(index) for index in given["some"]],
    "ofOtherIntegers": space.choices_of(Integer(6111)),
    "refused": [refusal(architecture) for architecture in (15625, -1, 1.0, "7", None)],
    "mutated": draws(space.mutate),
    "again": draws(space.mutate),
    "mutatedEdgeUniform": draws(space.mutate_edge_uniform),
    "sampled": [space.sample(generator) for _ in everything],
}))
`;

const everything = Array.from({ length: SPACE.size }, (_, index) => index);

/** How often the edges of the parent were changed. */
function changes(children: readonly number[]): number[] {
  const own = SPACE.choicesOf(PARENT);
  const counts = [0, 0, 0, 0, 0, 0];
  for (const child of children) {
    const changed = SPACE.choicesOf(child).flatMap((choice, edge) => (choice === own[edge] ? [] : [edge]));
    expect(changed).toHaveLength(1);
    (counts[changed[0] as number] as number)++;
  }
  return counts;
}

describe.skipIf(!hasPython)(needsPython("the Python client's space"), () => {
  // biome-ignore lint/suspicious/noExplicitAny: what Python printed
  let python: any;

  beforeAll(async () => {
    python = await askPython(SCRIPT, { parent: PARENT, draws: DRAWS, some: SOME });
  });

  test("has the same architectures in the same official order, as strings and as choices", () => {
    expect(python.size).toBe(SPACE.size);
    expect(python.operations).toEqual(SPACE.operations);
    expect(python.edges).toEqual(SPACE.edges.map(({ from, to }) => [from, to]));
    expect(python.formats).toEqual(everything.map((index) => SPACE.format(index)));
    expect(python.choices).toEqual(everything.map((index) => SPACE.choicesOf(index)));
    expect(python.operationsOf).toEqual(SOME.map((index) => SPACE.operationsOf(index)));
  });

  test("takes integers of other libraries, such as numpy's, and nothing else", () => {
    expect(python.ofOtherIntegers).toEqual(SPACE.choicesOf(PARENT));
    const refused = ["15625", "-1", "1.0", "'7'", "None"];
    expect(python.refused).toEqual(refused.map((one) => `${one} is no architecture: an integer from 0 to 15624`));
  });

  test("reads its own strings and choices back", () => {
    expect(python.parsed).toEqual(everything);
    expect(python.chosen).toEqual(everything);
  });

  test("has the same neighbours in the same order", () => {
    expect(python.neighbours).toEqual(SOME.map((index) => SPACE.neighboursOf(index)));
  });

  // 5 degrees of freedom: 20.5 is exceeded by one seed in a thousand.
  test("mutates as the authors do: a node, one of its input edges, another operation", () => {
    expect(chiSquare(changes(python.mutated), [1 / 3, 1 / 6, 1 / 6, 1 / 9, 1 / 9, 1 / 9])).toBeLessThan(20.5);
    expect(python.again).toEqual(python.mutated);
    // All of them are reached; the rarest has a probability of 1 in 36.
    expect(new Set(python.mutated)).toEqual(new Set(SPACE.neighboursOf(PARENT)));
  });

  test("mutates every edge alike where that is asked for", () => {
    expect(chiSquare(changes(python.mutatedEdgeUniform))).toBeLessThan(20.5);
    expect(new Set(python.mutatedEdgeUniform)).toEqual(new Set(SPACE.neighboursOf(PARENT)));
  });

  test("samples uniformly", () => {
    const counts = new Array<number>(125).fill(0);
    for (const index of python.sampled) (counts[Math.floor(index / 125)] as number)++;
    // 124 degrees of freedom, one in a thousand: 181.
    expect(chiSquare(counts)).toBeLessThan(181);
  });
});
