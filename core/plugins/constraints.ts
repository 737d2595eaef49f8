import type { Random } from "../random/random.ts";
import { type Architecture, isArchitecture } from "../space/codec.ts";
import type { Space } from "../space/space.ts";

/** One constraint, for people: what a column of a cost table may be at most. */
export interface ConstraintLimit {
  /** Id of the cost table. */
  readonly costs: string;
  readonly column: string;
  /** Dataset of the column; null where the table has one value for all. */
  readonly dataset: string | null;
  /** Largest value that is allowed, in `unit`. */
  readonly atMost: number;
  readonly unit: string;
}

/** The run's constraints as an algorithm sees them. Frozen. */
export interface ConstraintsView {
  /** Empty under a protocol without constraints. */
  readonly limits: readonly ConstraintLimit[];
  /**
   * Whether an architecture keeps to all limits: only such ones may be proposed or answered. True for every architecture
   * under a protocol without constraints, false for what is no architecture.
   */
  allows(architecture: Architecture): boolean;
}

/** The view under a protocol without constraints. */
export const NO_CONSTRAINTS: ConstraintsView = Object.freeze({
  limits: Object.freeze([]),
  allows: (architecture: Architecture) => isArchitecture(architecture),
});

/** What a context holds of constraints. */
export interface ConstrainedParts {
  readonly space: Space;
  readonly constraints: ConstraintsView;
}

/**
 * The space and the constraints of a run. Where there are constraints, `sample` is uniform over the architectures that are
 * allowed, a mutation is drawn from those that lead to one (a uniform sample if none does), and `neighboursOf` lists those that
 * are allowed. Without them it is the space as it is.
 * @param allowed 1 for each architecture that is allowed, at least one, in the coordinates of the method, shape [15625];
 *   null: no constraints
 */
export function constrained(
  space: Space,
  limits: readonly ConstraintLimit[],
  allowed: Uint8Array | null,
): ConstrainedParts {
  if (allowed === null) return { space, constraints: NO_CONSTRAINTS };
  const allows = (architecture: Architecture) => allowed[architecture] === 1;
  const indices = Array.from(allowed, (flag, index) => (flag === 1 ? index : -1)).filter((index) => index >= 0);
  const sample = (random: Random) => random.choice(indices);
  const neighboursOf = (architecture: Architecture) => space.neighboursOf(architecture).filter(allows);
  const onlyAllowed =
    (mutate: Space["mutate"]): Space["mutate"] =>
    (architecture, random) => {
      if (neighboursOf(architecture).length === 0) return sample(random);
      for (;;) {
        const child = mutate(architecture, random);
        if (allows(child)) return child;
      }
    };
  return {
    space: Object.freeze({
      ...space,
      sample,
      neighboursOf,
      mutate: onlyAllowed(space.mutate),
      mutateEdgeUniform: onlyAllowed(space.mutateEdgeUniform),
    }),
    constraints: Object.freeze({ limits: Object.freeze(limits.map((limit) => Object.freeze({ ...limit }))), allows }),
  };
}

const MOST_DRAWS = 1000;

/**
 * For methods that build architectures themselves: draws until one is allowed. After 1,000 that are not, a uniform sample of
 * those that are, so that a run always ends. Under a protocol without constraints it draws once.
 * @param draw gives an architecture, another one each time
 */
export function drawAllowed(
  { space, constraints, random }: ConstrainedParts & { readonly random: Random },
  draw: () => Architecture,
): Architecture {
  for (let drawn = 0; drawn < MOST_DRAWS; drawn++) {
    const architecture = draw();
    if (constraints.limits.length === 0 || constraints.allows(architecture)) return architecture;
  }
  return space.sample(random);
}
