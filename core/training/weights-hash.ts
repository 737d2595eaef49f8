import { createHash } from "node:crypto";
import { withCanonicalNaN } from "./canonical-nan.ts";
import type { Network } from "./network.ts";

/**
 * SHA-256 over names and values (little-endian float32) of all parameters, then of all running averages, in the network's
 * order. NaNs are all equal: their bits differ between processors.
 */
export function weightsHash(network: Network): string {
  const hash = createHash("sha256");
  const update = (name: string, values: Float32Array) => {
    hash.update(`${name}:${values.length}:`).update(new Uint8Array(withCanonicalNaN(values).buffer));
  };
  for (const { name, tensor } of network.parameters) update(name, tensor.dataSync() as Float32Array);
  for (const [name, norm] of network.norms) {
    update(`${name}.mean`, norm.mean);
    update(`${name}.variance`, norm.variance);
  }
  return hash.digest("hex");
}
