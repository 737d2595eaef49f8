import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { inLanes } from "../../core/cli/lanes.ts";

/** Works that end when they are told to. */
function works(count: number) {
  const begun: number[] = [];
  const ends = Array.from({ length: count }, () => Promise.withResolvers<string>());
  const work = (_: unknown, at: number, signal: AbortSignal) => {
    begun.push(at);
    signal.addEventListener("abort", () => ends[at]?.reject(new Error(`${at} was stopped`)));
    return (ends[at] as PromiseWithResolvers<string>).promise;
  };
  return { begun, ends, work };
}

test("as many at once as there are lanes; results in the order given, whatever ends first", async () => {
  const { begun, ends, work } = works(4);
  const all = inLanes(["a", "b", "c", "d"], 2, () => 1, work);
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve("second");
  await setImmediate();
  expect(begun).toEqual([0, 1, 2]);
  for (const [at, end] of ends.entries()) end.resolve(`${at}`);
  expect(await all).toEqual(["0", "second", "2", "3"]);
});

test("after an error nothing is begun, what goes on is stopped and waited for, and the first error is thrown", async () => {
  const { begun, ends, work } = works(4);
  const all = inLanes([1, 2, 3, 4], 2, () => 1, work);
  ends[1]?.reject(new Error("first"));
  await expect(all).rejects.toThrow("first");
  await expect(ends[0]?.promise).rejects.toThrow("0 was stopped");
  expect(begun).toEqual([0, 1]);
});

test("nothing to do, and more lanes than items", async () => {
  expect(
    await inLanes(
      [],
      3,
      () => 1,
      async () => 1,
    ),
  ).toEqual([]);
  expect(
    await inLanes(
      [5],
      3,
      () => 1,
      async (item) => item * 2,
    ),
  ).toEqual([10]);
});

test("the longest is begun first, equally long ones in their order; results stay in the order given", async () => {
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    return -item;
  };
  expect(await inLanes([3, 10, 7, 11], 1, (item) => Math.floor(item / 10), work)).toEqual([-3, -10, -7, -11]);
  expect(begun).toEqual([10, 11, 3, 7]);
});
