import { createHash } from "node:crypto";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { isReachable } from "../../space/reachability.ts";
import { isResult, itemsPerRow, type MetricColumn, type TrialTable } from "../../tables/column.ts";
import type { DivergedReport, ImportReport, RecipeReport, SeedReport } from "./import-report.ts";
import type { Piece } from "./piece-file.ts";
import type { SizeDifference } from "./trial-facts.ts";
import type { UnifiedView } from "./unified-view.ts";

function divergedIn(column: MetricColumn): DivergedReport[] {
  if (!column.name.endsWith("Loss")) return [];
  const items = itemsPerRow(column);
  const trials = new Set<number>();
  let values = 0;
  for (let at = 0; at < column.values.length; at++) {
    if (Number.isFinite(column.values[at]) || column.recorded?.[at] === 0) continue;
    values++;
    trials.add(Math.trunc(at / items));
  }
  return values === 0 ? [] : [{ metric: column.name, values, trials: trials.size }];
}

/** Digest of a time that is one number an architecture; null where it differs between epochs or seeds. */
function timeDigest({ rows }: TrialTable, { values, recorded, epochs }: MetricColumn): string | null {
  if (epochs !== "constant") return null;
  const times = new Float32Array(ARCHITECTURE_COUNT).fill(-1);
  for (let row = 0; row < rows.architecture.length; row++) {
    if (recorded?.[row] === 0) continue;
    const architecture = rows.architecture[row] as number;
    const [known, value] = [times[architecture] as number, values[row] as number];
    if (known !== -1 && known !== value) return null;
    times[architecture] = value;
  }
  return createHash("sha256").update(new Uint8Array(times.buffer)).digest("hex");
}

function seedReports(architectures: Uint16Array, seeds: readonly (number | null)[]): SeedReport[] {
  const all = new Set(architectures).size;
  const bySeed = new Map<number, Set<number>>();
  architectures.forEach((architecture, row) => {
    const seed = seeds[row] as number;
    const own = bySeed.get(seed) ?? new Set();
    bySeed.set(seed, own.add(architecture));
  });
  return [...bySeed]
    .sort(([a], [b]) => a - b)
    .map(([seed, { size }]) => ({ seed, trials: size, architecturesWithout: all - size }));
}

/** Gathers what an import report says, view by view. */
export class ReportFacts {
  readonly #recipes = new Map<string, RecipeReport>();
  /** Names of times by their digest. */
  readonly #times = new Map<string, string[]>();
  readonly #architectures = new Set<number>();
  /** Architectures that each view holds. */
  readonly #perView: number[] = [];

  /** Adds a view of one (dataset, recipe). */
  addView({ dataset, recipe }: UnifiedView, table: TrialTable): void {
    const { architecture, trialSeed } = table.rows;
    for (const index of architecture) this.#architectures.add(index);
    const present = new Set(architecture).size;
    this.#perView.push(present);
    const times = table.columns.filter(({ name }) => name.endsWith("Ms") && !isResult(name) && name !== "latencyMs");
    for (const column of times) {
      const digest = timeDigest(table, column);
      if (digest === null) continue;
      this.#times.set(digest, [...(this.#times.get(digest) ?? []), `${dataset}/${recipe} ${column.name}`]);
    }
    const key = `${dataset}/${recipe}`;
    const before = this.#recipes.get(key);
    const isLarger = before === undefined || architecture.length > before.trials;
    this.#recipes.set(key, {
      dataset,
      recipe,
      trials: isLarger ? architecture.length : before.trials,
      architectures: isLarger ? present : before.architectures,
      seeds: isLarger ? seedReports(architecture, trialSeed) : before.seeds,
      diverged: [...(before?.diverged ?? []), ...table.columns.flatMap(divergedIn)],
      constantTimes: [
        ...(before?.constantTimes ?? []),
        ...times.filter(({ epochs }) => epochs === "constant").map(({ name }) => name),
      ],
    });
  }

  /** Architectures with at least one training. */
  get architectures(): number {
    return this.#architectures.size;
  }

  /** True if some view lacks an architecture. */
  get isPart(): boolean {
    return this.#perView.some((present) => present < ARCHITECTURE_COUNT);
  }

  /** What was gathered, with what the pieces tell besides. */
  report(
    pieces: readonly Piece[],
  ): Pick<ImportReport, "architectures" | "recipes" | "sharedResults" | "repeatedResults" | "sizes" | "equalTimes"> {
    const sizes = distinctSizes(pieces.flatMap(({ header }) => header.facts.sizes));
    return {
      architectures: { present: this.architectures, missing: ARCHITECTURE_COUNT - this.architectures },
      recipes: [...this.#recipes.values()],
      ...equalResults(pieces),
      sizes: { architectures: new Set(sizes.map(({ architecture }) => architecture)).size, differences: sizes },
      equalTimes: [...this.#times.values()]
        .filter((names) => names.length > 1)
        .sort((a, b) => compareTexts(a[0], b[0])),
    };
  }
}

function compareTexts(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The differences in order, one where several seeds have the same. */
function distinctSizes(differences: readonly SizeDifference[]): SizeDifference[] {
  const keyOf = (one: SizeDifference) => [one.size, one.dataset, one.recipe, one.architecture, one.recorded].join(" ");
  const byKey = new Map(differences.map((difference) => [keyOf(difference), difference]));
  return [...byKey.values()].sort((a, b) => a.architecture - b.architecture || compareTexts(keyOf(a), keyOf(b)));
}

/** Trainings with equal results: of different architectures, and of one architecture with different seeds. */
function equalResults(pieces: readonly Piece[]): Pick<ImportReport, "sharedResults" | "repeatedResults"> {
  const groups = new Map<string, number[]>();
  for (const { header } of pieces) {
    for (const { dataset, recipe, architecture, fingerprint } of header.facts.identities) {
      fingerprint.forEach((digits, at) => {
        const key = `${dataset}/${recipe} ${digits}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [architecture[at] as number]);
        else group.push(architecture[at] as number);
      });
    }
  }
  const shared = new Set<number>();
  const repeated = new Set<number>();
  const trials = { shared: 0, repeated: 0 };
  for (const group of groups.values()) {
    const distinct = new Set(group);
    if (distinct.size > 1) {
      trials.shared += group.length;
      for (const architecture of distinct) shared.add(architecture);
    }
    if (distinct.size < group.length) {
      for (const architecture of distinct) {
        const own = group.filter((index) => index === architecture).length;
        if (own < 2) continue;
        trials.repeated += own;
        repeated.add(architecture);
      }
    }
  }
  return {
    sharedResults: {
      trials: trials.shared,
      architectures: shared.size,
      connectedArchitectures: [...shared].filter(isReachable).length,
    },
    repeatedResults: { trials: trials.repeated, architectures: repeated.size },
  };
}
