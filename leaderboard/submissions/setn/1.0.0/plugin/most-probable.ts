import type { Space } from "nas-harness";

/**
 * The most probable architectures, the most probable first, of equals the lower index
 * (AutoDL-Projects, `xautodl/models/cell_searchs/search_model_setn.py`, return_topK).
 * @param probabilities of each operation on each edge, shape [edges x operations], positive
 * @param count at most the size of the space
 */
export function mostProbable(space: Space, probabilities: ArrayLike<number>, count: number): number[] {
  const operations = space.operations.length;
  const logarithms = Float64Array.from(probabilities, Math.log);
  const scores = Float64Array.from({ length: space.size }, (_, architecture) =>
    space
      .choicesOf(architecture)
      .reduce((sum, choice, edge) => sum + (logarithms[edge * operations + choice] as number), 0),
  );
  return Array.from(scores.keys())
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, count);
}
