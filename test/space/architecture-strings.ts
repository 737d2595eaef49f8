import { EDGES, OPERATIONS } from "../../core/space/operations.ts";

/** The string of six choices, put together here in the plainest way: what the codec's strings are compared with. */
export function plainString(choices: readonly number[]): string {
  const [a, b, c, d, e, f] = choices.map((choice) => OPERATIONS[choice]);
  return `|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`;
}

/** All 15,625 lists of choices in the order of the enumeration: the last edge changes fastest. */
export function enumerateChoices(): number[][] {
  let lists: number[][] = [[]];
  for (const _ of EDGES) lists = lists.flatMap((list) => OPERATIONS.map((_, choice) => [...list, choice]));
  return lists;
}
