import type { Random } from "nas-harness";
import { KernelDensity, type KernelRule } from "./kernel-density.ts";

/** Settings of the model. */
export interface ProposalModelOptions extends KernelRule {
  /** Number of parameters: edges. */
  readonly parameters: number;
  readonly samples: number;
  readonly randomFraction: number;
  readonly topPercent: number;
}

interface Observation {
  readonly point: readonly number[];
  readonly loss: number;
}

const SMALLEST_DENSITY = 1e-32;

/**
 * BOHB's model: for each budget a density of good and one of bad configurations, and proposals that maximise their ratio
 * (hpbandster 0.7.4, `config_generators/bohb.py`).
 */
export class ProposalModel {
  readonly #options: ProposalModelOptions;
  readonly #observations = new Map<number, Observation[]>();
  #model: { readonly budget: number; readonly good: KernelDensity; readonly bad: KernelDensity } | null = null;

  constructor(options: ProposalModelOptions) {
    this.#options = options;
  }

  /** Learns a result. Budgets below the one that is modelled are ignored, as hpbandster does. */
  observe(budget: number, point: readonly number[], loss: number): void {
    if (this.#model !== null && this.#model.budget > budget) return;
    const observations = this.#observations.get(budget) ?? [];
    this.#observations.set(budget, observations);
    observations.push({ point, loss });

    const { parameters, topPercent } = this.#options;
    const leastPoints = parameters + 1;
    const count = observations.length;
    const goodCount = Math.max(leastPoints, Math.floor((topPercent * count) / 100));
    const badCount = Math.max(leastPoints, Math.floor(((100 - topPercent) * count) / 100));
    const ranked = [...observations].sort((a, b) => a.loss - b.loss).map((observation) => observation.point);
    const good = ranked.slice(0, goodCount);
    const bad = ranked.slice(goodCount, goodCount + badCount);
    if (good.length <= parameters || bad.length <= parameters) return;
    this.#model = {
      budget,
      good: new KernelDensity(good, this.#options),
      bad: new KernelDensity(bad, this.#options),
    };
  }

  /** The next configuration, one value a parameter. */
  propose(random: Random): number[] {
    const { samples, randomFraction } = this.#options;
    if (this.#model === null || random.uniform() < randomFraction) return this.#uniformPoint(random);
    const { good, bad } = this.#model;
    let best = Number.POSITIVE_INFINITY;
    let chosen: number[] | null = null;
    for (let sample = 0; sample < samples; sample++) {
      const point = this.#pointNear(random.choice(good.data), good.bandwidths, random);
      const goodDensity = good.density(point);
      const badDensity = bad.density(point);
      // hpbandster floors both by Python's max(), which drops a NaN of the one and keeps a NaN of the other.
      const dividend = Number.isNaN(badDensity) ? SMALLEST_DENSITY : Math.max(SMALLEST_DENSITY, badDensity);
      const divisor = Math.max(SMALLEST_DENSITY, goodDensity);
      const ratio = dividend / divisor;
      if (!Number.isFinite(ratio) && Number.isFinite(goodDensity)) return point;
      if (ratio < best) {
        best = ratio;
        chosen = point;
      }
    }
    return chosen ?? this.#uniformPoint(random);
  }

  #uniformPoint(random: Random): number[] {
    return Array.from({ length: this.#options.parameters }, () => random.integer(this.#options.levels));
  }

  /** Each value of the datum is kept with probability 1 - bandwidth (never, if that is negative), else drawn anew. */
  #pointNear(datum: readonly number[], bandwidths: readonly number[], random: Random): number[] {
    return datum.map((value, at) =>
      random.uniform() < 1 - (bandwidths[at] as number) ? value : random.integer(this.#options.levels),
    );
  }
}
