/** What keeps a division by a norm of zero finite, as in PyTorch. */
const EPSILON = 1e-6;

/**
 * Scales a gradient down in place so that its Euclidean norm is at most `limit` (PyTorch's clip_grad_norm_).
 * @param gradient shape [n]
 * @param limit above 0
 * @returns the norm before
 */
export function clipGradient(gradient: Float64Array, limit: number): number {
  let squares = 0;
  for (const slope of gradient) squares += slope * slope;
  const norm = Math.sqrt(squares);
  const factor = limit / (norm + EPSILON);
  if (factor < 1) for (let at = 0; at < gradient.length; at++) (gradient[at] as number) *= factor;
  return norm;
}
