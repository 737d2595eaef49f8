import { describe, expect, test } from "vitest";
import { CLASS_COUNT, canonicalText, classMembers, classOf, classRepresentatives } from "../../core/space/classes.ts";
import { parseArchitecture } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import { isReachable, usedEdges } from "../../core/space/reachability.ts";
import { hasSharedData, needsSharedData } from "../helpers/shared-data.ts";
import { wideCsvColumns } from "../helpers/wide-csv.ts";

const ALL = Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) => architecture);

describe("isomorphism classes", () => {
  test("are 6,466, each represented by its lowest index", () => {
    const representatives = classRepresentatives();
    expect(CLASS_COUNT).toBe(6466);
    expect(representatives).toHaveLength(6466);
    expect(representatives).toEqual([...new Set(ALL.map(classOf))]);
    expect(representatives).toEqual([...representatives].sort((a, b) => a - b));
  });

  test("partition the space", () => {
    const seen = classRepresentatives().flatMap((representative) => {
      const members = representative % 50 === 0 ? classMembers(representative) : [];
      if (members.length > 0 && members[0] !== representative)
        expect.fail(`${representative} is not its lowest member`);
      for (const member of members) expect(canonicalText(member)).toBe(canonicalText(representative));
      return members;
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(ALL.every((architecture) => classOf(classOf(architecture)) === classOf(architecture))).toBe(true);
    expect(ALL.every((architecture) => classOf(architecture) <= architecture)).toBe(true);
  });

  test("put equal cells together and keep different ones apart", () => {
    const direct = parseArchitecture("|none~0|+|none~0|none~1|+|nor_conv_3x3~0|none~1|none~2|");
    const dead = parseArchitecture("|none~0|+|none~0|nor_conv_1x1~1|+|nor_conv_3x3~0|avg_pool_3x3~1|none~2|");
    const other = parseArchitecture("|none~0|+|none~0|none~1|+|nor_conv_1x1~0|none~1|none~2|");
    // A skip passes on what it gets: one convolution after a skip is the convolution alone.
    const viaSkip = parseArchitecture("|skip_connect~0|+|none~0|none~1|+|none~0|nor_conv_3x3~1|none~2|");
    expect(classOf(dead)).toBe(classOf(direct));
    expect(classOf(other)).not.toBe(classOf(direct));
    expect(canonicalText(viaSkip)).toContain("(0)@nor_conv_3x3");
    expect(classMembers(direct)).toContain(dead);
  });

  test.each([-1, 15_625, 1.5, Number.NaN])("%s has no class", (value) => {
    for (const ask of [classOf, classMembers, canonicalText, isReachable, usedEdges]) {
      expect(() => ask(value)).toThrow("NAS_ARCHITECTURE_INDEX");
    }
  });
});

describe("reachability", () => {
  test("341 cells never reach their output", () => {
    expect(ALL.filter((architecture) => !isReachable(architecture))).toHaveLength(341);
  });

  test.each<[string, boolean[]]>([
    ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2|", [false, false, false, false, false, false]],
    ["|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|", [false, false, false, true, false, false]],
    [
      "|skip_connect~0|+|none~0|nor_conv_1x1~1|+|none~0|none~1|avg_pool_3x3~2|",
      [true, false, true, false, false, true],
    ],
    [
      "|none~0|+|nor_conv_3x3~0|skip_connect~1|+|none~0|skip_connect~1|none~2|",
      [false, false, false, false, false, false],
    ],
    [
      "|skip_connect~0|+|skip_connect~0|skip_connect~1|+|skip_connect~0|skip_connect~1|skip_connect~2|",
      [true, true, true, true, true, true],
    ],
  ])("%s", (text, used) => {
    const architecture = parseArchitecture(text);
    expect(usedEdges(architecture)).toEqual(used);
    expect(isReachable(architecture)).toBe(used.some(Boolean));
  });

  test("all members of a class agree about it", () => {
    expect(ALL.every((architecture) => isReachable(architecture) === isReachable(classOf(architecture)))).toBe(true);
  });
});

describe.skipIf(!hasSharedData)(needsSharedData("classes and reachability of the real data"), () => {
  test("equal isomorph_rep_index and connected of nb201.csv.gz", () => {
    const { isomorph_rep_index, connected } = wideCsvColumns("isomorph_rep_index", "connected");
    expect(ALL.map(classOf)).toEqual(isomorph_rep_index.map(Number));
    expect(ALL.map(isReachable)).toEqual(connected.map((cell) => cell === "1"));
  });
});
