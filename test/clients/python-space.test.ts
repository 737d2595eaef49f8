import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import { chiSquare } from "../helpers/chi-square.ts";
import { runProcess } from "../helpers/process.ts";
import { findProgram } from "../helpers/program.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";

const hasPython = findProgram("python3") !== null;
const CLIENT = path.join(REPOSITORY, "clients/python");
const PARENT = 6111;
const DRAWS = 3000;
const SOME = [0, 1, 12, 6111, 15_624];
const CELL = "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|avg_pool_3x3~2|";

/** Texts that are not the string of an architecture. */
const MALFORMED = [
  "",
  "none",
  "6111",
  CELL.slice(0, -20),
  CELL.replace("nor_conv_3x3", "nor_conv_5x5"),
  CELL.replace("nor_conv_3x3", "Nor_Conv_3x3"),
  CELL.replace("nor_conv_3x3", ""),
  CELL.replace("~0", "~1"),
  CELL.replace("~0", "~00"),
  CELL.replace("~0", ""),
  CELL.replace("+", "-"),
  CELL.replace("~0|none~1", "~1|none~0"),
  `${CELL}+|none~0|`,
  ` ${CELL}`,
  `${CELL}\n`,
  CELL.replaceAll("+", " + "),
  CELL.slice(1),
  CELL.slice(0, -1),
  `|${CELL}`,
  `${CELL}||`,
  CELL.replaceAll("|+|", "+"),
];
const CHOICES = [
  [],
  [0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 5],
  [-1, 0, 0, 0, 0, 0],
  [0.5, 0, 0, 0, 0, 0],
];
const INDICES = [-1, 15_625, 1.5, "5", null];

const SCRIPT = `
import json, random, sys
from nas_harness import Space

given = json.loads(sys.argv[1])
space = Space()
everything = range(space.size)

def outcome(function, value):
    try:
        return function(value)
    except Exception as error:
        return type(error).__name__

def draws(step):
    generator = random.Random(1)
    return [step(given["parent"], generator) for _ in range(given["draws"])]

formats = [space.format(index) for index in everything]
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
    "mutated": draws(space.mutate),
    "again": draws(space.mutate),
    "mutatedEdgeUniform": draws(space.mutate_edge_uniform),
    "sampled": [space.sample(generator) for _ in everything],
    "unparsed": [outcome(space.parse, text) for text in given["malformed"]],
    "unchosen": [outcome(space.from_choices, choices) for choices in given["choices"]],
    "unknown": [outcome(space.choices_of, index) for index in given["indices"]],
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

describe.skipIf(!hasPython)(`the Python client's space${hasPython ? "" : " (needs python3, not found)"}`, () => {
  // biome-ignore lint/suspicious/noExplicitAny: what Python printed
  let python: any;

  beforeAll(async () => {
    const given = {
      parent: PARENT,
      draws: DRAWS,
      some: SOME,
      malformed: MALFORMED,
      choices: CHOICES,
      indices: INDICES,
    };
    const env = { PYTHONPATH: CLIENT, PYTHONDONTWRITEBYTECODE: "1" };
    const { stdout, stderr, exitCode } = await runProcess("python3", ["-c", SCRIPT, JSON.stringify(given)], { env });
    expect(exitCode, stderr).toBe(0);
    python = JSON.parse(stdout);
  });

  test("has the same architectures in the same official order, as strings and as choices", () => {
    expect(python.size).toBe(SPACE.size);
    expect(python.operations).toEqual(SPACE.operations);
    expect(python.edges).toEqual(SPACE.edges.map(({ from, to }) => [from, to]));
    expect(python.formats).toEqual(everything.map((index) => SPACE.format(index)));
    expect(python.choices).toEqual(everything.map((index) => SPACE.choicesOf(index)));
    expect(python.operationsOf).toEqual(SOME.map((index) => SPACE.operationsOf(index)));
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

  test.each(MALFORMED.map((text, at) => [text, at] as const))(
    "does not read %j, as the harness does not",
    (text, at) => {
      expect(() => SPACE.parse(text)).toThrow("NAS_ARCHITECTURE_SYNTAX");
      expect(python.unparsed[at]).toBe("ValueError");
    },
  );

  test("refuses other choices and other indices", () => {
    expect(python.unchosen).toEqual(CHOICES.map(() => "ValueError"));
    expect(python.unknown).toEqual(INDICES.map(() => "ValueError"));
  });
});
