import { largestOfEach, type Random, softmax, softmaxGradient } from "nas-harness";

/** A hard sample of one operation an edge. */
export interface GumbelSample {
  /** The operation of each edge, shape [edges]. */
  readonly choices: readonly number[];
  /** The soft vector whose largest entries these are, shape [edges x operations]. */
  readonly soft: Float64Array;
}

/**
 * Draws from the Gumbel-softmax over each edge's logits: largest of logit + Gumbel noise, which is a draw from softmax(logits)
 * at any temperature; the temperature decides how soft the vector is that the gradient flows through
 * (AutoDL-Projects, `xautodl/models/cell_searchs/search_model_gdas.py`).
 * @param logits shape [edges x operations]
 */
export function gumbelSample(
  logits: Float64Array,
  operations: number,
  temperature: number,
  random: Random,
): GumbelSample {
  const perturbed = logits.map((logit) => {
    // The generator may give 0, whose logarithm is no number; the authors draw again then too.
    let uniform = random.uniform();
    while (uniform === 0) uniform = random.uniform();
    return (logit - Math.log(-Math.log(uniform))) / temperature;
  });
  const soft = softmax(perturbed, operations);
  return { choices: largestOfEach(soft, operations), soft };
}

/**
 * The gradient by the logits, straight through the hard sample: as if the soft vector had been used.
 * @param byWeights gradient by the weights of the operations, shape [edges x operations]
 */
export function gumbelGradient(
  { soft }: GumbelSample,
  byWeights: ArrayLike<number>,
  operations: number,
  temperature: number,
): Float64Array {
  return softmaxGradient(soft, byWeights, operations).map((slope) => slope / temperature);
}
