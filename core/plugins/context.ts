import { Random } from "../random/random.ts";
import type { Space } from "../space/space.ts";
import type { AlgorithmContext, BudgetView } from "./algorithm.ts";
import { type ConstraintLimit, constrained } from "./constraints.ts";

/** What a context is made from. */
export interface ContextParts {
  readonly space: Space;
  /** What is constrained; empty if nothing is. */
  readonly limits: readonly ConstraintLimit[];
  /** 1 for each architecture that the constraints allow, in the method's coordinates, shape [15625]; null: none is there. */
  readonly allowed: Uint8Array | null;
  /** At least 32 hexadecimal digits; the first 32 decide what the generator draws. */
  readonly seed: string;
  /** In any order. */
  readonly fidelities: readonly number[];
  readonly budget: BudgetView;
  /** Frozen. */
  readonly options: Record<string, unknown>;
  readonly protocol: AlgorithmContext["protocol"];
}

/** A run's context, frozen, with a generator of its own. */
export function createContext(parts: ContextParts): AlgorithmContext {
  const { seed, fidelities, budget, options, protocol } = parts;
  const ascending = Object.freeze([...fidelities].sort((a, b) => a - b));
  return Object.freeze({
    ...constrained(parts.space, parts.limits, parts.allowed),
    random: Object.freeze(new Random(seed)) as Random,
    fidelities: ascending,
    maxEpochs: ascending.at(-1) as number,
    budget: Object.freeze(budget),
    options,
    protocol: Object.freeze(protocol),
  });
}
