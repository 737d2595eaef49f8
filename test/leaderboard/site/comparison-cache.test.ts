import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Comparisons, compareAll } from "../../../core/statistics/distinction.ts";
import { compareWithCache } from "../../../leaderboard/site/comparison-cache.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const COUNT = 60;

/** Samples of ten values, each a bit higher than the one before, and the names of what they are derived from. */
const samplesFrom = (start: number) =>
  Array.from({ length: COUNT }, (_, at) => Array.from({ length: 10 }, (__, run) => ((start + at) % COUNT) / 5 + run));
const namesFrom = (start: number) => Array.from({ length: COUNT }, (_, at) => `key ${(start + at) % COUNT}`);

function plain({ order, ranks, groups, p }: Comparisons): unknown {
  return { order, ranks, groups, p: order.map((first) => order.map((second) => p(first, second))) };
}

describe("comparisons that are kept between builds", () => {
  test("are those of a build from nothing: the same samples, one changed, others in another order, fewer", () => {
    const file = path.join(temporaryFolder(), "kept");
    const names = namesFrom(0);
    const changed = samplesFrom(0).with(7, [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    const builds: [number[][], string[]][] = [
      [samplesFrom(0), names],
      [samplesFrom(0), names],
      [changed, names.with(7, "another key")],
      [samplesFrom(13), namesFrom(13)],
      [samplesFrom(13).slice(4), namesFrom(13).slice(4)],
    ];
    for (const [samples, keys] of builds) {
      expect(plain(compareWithCache(file, samples, keys))).toEqual(plain(compareAll(samples)));
    }
  });

  test("are looked up by name: whoever says that two samples are the same is believed", () => {
    const file = path.join(temporaryFolder(), "kept");
    const first = compareWithCache(file, samplesFrom(0), namesFrom(0));
    const others = samplesFrom(0).map((sample) => sample.map(() => 1));
    const second = compareWithCache(file, others, namesFrom(0));
    expect(second.p(3, 40)).toBe(first.p(3, 40));
    expect(second.p(3, 40)).not.toBe(compareAll(others).p(3, 40));
  });

  test.each<[string, (content: Buffer) => Buffer]>([
    ["is empty", () => Buffer.alloc(0)],
    ["is cut", (content) => content.subarray(0, content.length - 8)],
    ["has half a number more", (content) => Buffer.concat([content, Buffer.alloc(4)])],
    ["is no head", () => Buffer.from("{\n")],
    [
      "has another format",
      (content) => Buffer.from(content.toString("latin1").replace('"format":1', '"format":0'), "latin1"),
    ],
  ])("are made anew where the file %s", (_, damage) => {
    const file = path.join(temporaryFolder(), "kept");
    compareWithCache(file, samplesFrom(0), namesFrom(0));
    writeFileSync(file, damage(readFileSync(file)));
    expect(plain(compareWithCache(file, samplesFrom(0), namesFrom(0)))).toEqual(plain(compareAll(samplesFrom(0))));
  });
});
