import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { needsTraining } from "../runner/plan.ts";
import type { RunFlags } from "./commands/run.ts";

/** The given flags of `run` that only methods that train take notice of. */
function trainingFlags({ log, from, backend }: Pick<RunFlags, "log" | "from" | "backend">): string[] {
  return [
    ...(log === undefined ? [] : ["--log"]),
    ...(from === undefined ? [] : ["--from"]),
    // wasm is what every method runs on anyway.
    ...(backend === "wasm" ? [] : [`--backend ${backend}`]),
  ];
}

const joined = (words: readonly string[]) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/**
 * What to tell somebody who gave flags that none of the methods takes notice of.
 * @returns a sentence, or null if a method trains or there are no such flags
 */
export function idleFlagsRemark(
  manifests: readonly AlgorithmManifest[],
  flags: Pick<RunFlags, "log" | "from" | "backend">,
): string | null {
  const given = trainingFlags(flags);
  if (given.length === 0 || manifests.some(needsTraining)) return null;
  const isOne = given.length === 1;
  const doesNot = manifests.length === 1 ? "does not" : "do not";
  return `note: ${joined(given)} ${isOne ? "is" : "are"} for methods that train; ${joined(manifests.map(({ name }) => name))} ${doesNot}, so ${isOne ? "it has" : "they have"} no effect`;
}
