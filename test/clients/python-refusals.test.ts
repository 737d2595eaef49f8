import { beforeAll, describe, expect, test } from "vitest";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import { askPython, hasPython, needsPython } from "../helpers/python-client.ts";

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
from nas_harness import Space

space = Space()

def outcomes(function, values):
    found = []
    for value in values:
        try:
            found.append(function(value))
        except Exception as error:
            found.append(type(error).__name__)
    return found

print(json.dumps({
    "well": space.parse(given["cell"]),
    "strings": outcomes(space.parse, given["malformed"]),
    "choices": outcomes(space.from_choices, given["choices"]),
    "indices": outcomes(space.choices_of, given["indices"]),
}))
`;

describe.skipIf(!hasPython)(needsPython("the Python client's space"), () => {
  // biome-ignore lint/suspicious/noExplicitAny: what Python printed
  let python: any;

  beforeAll(async () => {
    python = await askPython(SCRIPT, { cell: CELL, malformed: MALFORMED, choices: CHOICES, indices: INDICES });
  });

  test("reads the string that the others are made of", () => {
    expect(python.well).toBe(SPACE.parse(CELL));
  });

  test.each(MALFORMED.map((text, at) => [text, at] as const))("refuses %j, as the harness does", (text, at) => {
    expect(() => SPACE.parse(text)).toThrow("NAS_ARCHITECTURE_SYNTAX");
    expect(python.strings[at]).toBe("ValueError");
  });

  test.each(CHOICES.map((choices, at) => [choices, at] as const))("refuses the choices %j", (choices, at) => {
    expect(() => SPACE.fromChoices(choices)).toThrow("NAS_ARCHITECTURE_INDEX");
    expect(python.choices[at]).toBe("ValueError");
  });

  test.each(INDICES.map((index, at) => [index, at] as const))("refuses the index %j", (_, at) => {
    expect(python.indices[at]).toBe("ValueError");
  });
});
