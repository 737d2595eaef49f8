import type { Constraints } from "../costs/constraints.ts";
import type { ConstraintLimit } from "../plugins/constraints.ts";
import type { Relabelling } from "../space/relabelling.ts";

/** The constraints of a run as its method sees them. */
export interface RunConstraints {
  readonly limits: readonly ConstraintLimit[];
  /** 1 for each architecture that is allowed, in the method's coordinates, shape [15625]; null: no constraints. */
  readonly allowed: Uint8Array | null;
}

/** The constraints of a run in its method's coordinates. */
export function runConstraints(inputs: {
  readonly constraints?: Constraints;
  readonly relabelling?: Relabelling;
}): RunConstraints {
  const { constraints, relabelling } = inputs;
  if (constraints === undefined) return { limits: [], allowed: null };
  const { recorded, allowed } = constraints;
  return {
    limits: recorded.map(({ costs, dataset = null, column, atMost, unit }) => ({
      ...{ costs: costs.id, column, dataset, atMost, unit },
    })),
    allowed:
      relabelling === undefined ? allowed : allowed.map((_, name) => allowed[relabelling.toTrue(name)] as number),
  };
}
