import type { WireConstraints } from "../../schemas/generated/wire-message.ts";
import type { ConstraintLimit } from "../plugins/constraints.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";

/**
 * Constraints as a message carries them: the flags as bits, the lowest of each byte first, in base64.
 * @param allowed 1 for each architecture that is allowed, in the coordinates of the method, shape [15625]
 */
export function packConstraints(limits: readonly ConstraintLimit[], allowed: Uint8Array): WireConstraints {
  const bits = Buffer.alloc(Math.ceil(ARCHITECTURE_COUNT / 8));
  allowed.forEach((flag, index) => {
    (bits[index >> 3] as number) |= flag << (index & 7);
  });
  return { limits: limits.map((limit) => ({ ...limit })), allowed: bits.toString("base64") };
}

/** The flags of {@link packConstraints}, shape [15625]; null where a message has no constraints. */
export function unpackAllowed(constraints: WireConstraints | undefined): Uint8Array | null {
  if (constraints === undefined) return null;
  const bits = Buffer.from(constraints.allowed, "base64");
  return Uint8Array.from(
    { length: ARCHITECTURE_COUNT },
    (_, index) => ((bits[index >> 3] as number) >> (index & 7)) & 1,
  );
}
