import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { formatArchitecture } from "../../core/space/codec.ts";
import { CODE_OF_INDEX, INDEX_OF_CODE } from "../../core/space/official-order.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { hasSharedData, needsSharedData, sharedData } from "../helpers/shared-data.ts";
import { wideCsvColumns } from "../helpers/wide-csv.ts";
import { enumerateChoices, plainString } from "./architecture-strings.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

const allStrings = () =>
  Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) => formatArchitecture(architecture));

/** Runs a Python script of the standard library and returns the JSON that it prints. */
function python(script: string, ...words: string[]): unknown {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", script, ...words], { maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout.toString("utf8"));
}

test("index and enumeration are permutations of one another", () => {
  expect(CODE_OF_INDEX).toHaveLength(ARCHITECTURE_COUNT);
  for (let code = 0; code < ARCHITECTURE_COUNT; code++) {
    if (CODE_OF_INDEX[INDEX_OF_CODE[code] as number] !== code) expect.fail(`code ${code} does not go round`);
  }
});

test("a code is the position in the enumeration: first edge slowest, last edge fastest", () => {
  const strings = enumerateChoices().map(plainString);
  expect(strings[0]).toBe("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|");
  expect(strings[1]).toBe("|none~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|");
  expect(strings[5]).toBe("|none~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|");
  expect(allStrings()).toEqual(Array.from(CODE_OF_INDEX, (code) => strings[code]));
});

test.skipIf(!hasPython)(
  `Python's own shuffle gives the same order${hasPython ? "" : " (needs python3, not found)"}`,
  () => {
    const script =
      "import json, random; order = list(range(15625)); random.seed(88); random.shuffle(order); print(order)";
    expect(Array.from(CODE_OF_INDEX)).toEqual(python(script));
  },
);

describe.skipIf(!hasSharedData)(needsSharedData("the genuine order"), () => {
  test("equals index and arch_str of nb201.csv.gz", () => {
    const { index, arch_str } = wideCsvColumns("index", "arch_str");
    expect(index).toEqual(Array.from({ length: ARCHITECTURE_COUNT }, (_, at) => String(at)));
    expect(allStrings()).toEqual(arch_str);
  });

  test.skipIf(!hasPython)(
    `equals meta_archs of the genuine meta file${hasPython ? "" : " (needs python3, not found)"}`,
    () => {
      const script = `
import bz2, json, pickle, sys
with bz2.open(sys.argv[1]) as file:
    print(json.dumps(pickle.load(file)["meta_archs"]))
`;
      expect(allStrings()).toEqual(python(script, sharedData("official-samples", "meta.pickle.pbz2")));
    },
  );
});
