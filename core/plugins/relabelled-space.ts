import { HarnessError } from "../errors/harness-error.ts";
import { NAS_BENCH_201_SPACE, type Space } from "../space/space.ts";

function refuse(name: string): () => never {
  return () => {
    throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
      what: `space.${name} can't be used in a run with relabelled edges and operations: it knows what they mean`,
      allowed: "sampling, neighbours, mutation, choices and strings",
      next: "declare it as a prior in the manifest if the method needs it; the check is then skipped and said so",
    });
  };
}

/**
 * The space in a run with permuted edges and operations: the harness translates each proposal, so that sampling, neighbours
 * and mutation work as ever, in relabelled coordinates. What would tell the true meaning is refused.
 */
export const RELABELLED_SPACE: Space = Object.freeze({
  ...NAS_BENCH_201_SPACE,
  classOf: refuse("classOf"),
  isReachable: refuse("isReachable"),
  parametersOf: refuse("parametersOf"),
  flopsOf: refuse("flopsOf"),
});
