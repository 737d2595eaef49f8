import { Random } from "../random/random.ts";
import type { Space } from "../space/space.ts";
import type { AlgorithmContext, BudgetView } from "./algorithm.ts";

/** What a context is made from. */
export interface ContextParts {
  readonly space: Space;
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
export function createContext({ space, seed, fidelities, budget, options, protocol }: ContextParts): AlgorithmContext {
  const ascending = Object.freeze([...fidelities].sort((a, b) => a - b));
  return Object.freeze({
    space,
    random: Object.freeze(new Random(seed)) as Random,
    fidelities: ascending,
    maxEpochs: ascending.at(-1) as number,
    budget: Object.freeze(budget),
    options,
    protocol: Object.freeze(protocol),
  });
}
