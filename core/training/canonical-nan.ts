const CANONICAL_NAN = 0x7fc00000;

/**
 * A copy of float32 values with one bit pattern for all NaNs. Processors make different ones, so without this the bytes of
 * a training that diverged would depend on the machine.
 */
export function withCanonicalNaN(values: Float32Array): Float32Array {
  const copy = values.slice();
  const bits = new Uint32Array(copy.buffer);
  for (let at = 0; at < copy.length; at++) if (Number.isNaN(copy[at])) bits[at] = CANONICAL_NAN;
  return copy;
}
