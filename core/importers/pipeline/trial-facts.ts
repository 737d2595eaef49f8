import { createHash } from "node:crypto";
import { flopsOf, parametersOf } from "../../space/network-size.ts";
import { isResult, METRIC_NAMES } from "../../tables/column.ts";
import type { OfficialDataset, OfficialTrial } from "../official-trial.ts";
import { DATASET_FACTS } from "./official-datasets.ts";

const MILLION = 1_000_000;
const FINGERPRINT_DIGITS = 16;
/** Differences of a recorded size, in parameters or multiply-accumulates, that rounding explains. */
const ROUNDING = { parameters: 1, flops: 16 };

/** A recorded size that is not that of the network (`core/space/network-size.ts`). */
export interface SizeDifference {
  readonly size: "parameters" | "flops";
  readonly architecture: number;
  readonly dataset: OfficialDataset;
  readonly recipe: string;
  /** In millions, as recorded. */
  readonly recorded: number;
  /** In millions, as computed. */
  readonly computed: number;
}

/** Of each trial of one (dataset, recipe), in order: which it is, and what it reached. */
export interface TrialIdentities {
  readonly dataset: OfficialDataset;
  readonly recipe: string;
  readonly architecture: number[];
  readonly seed: number[];
  /** Equal for two trials whose accuracies and losses are all equal as float32. */
  readonly fingerprint: string[];
}

/** Hash of all accuracies and losses of a trial, the unrecorded ones as such. */
export function fingerprintOf({ metrics }: OfficialTrial): string {
  const hash = createHash("sha256");
  for (const name of METRIC_NAMES) {
    const metric = metrics.get(name);
    if (metric === undefined || typeof metric === "number" || !isResult(name)) continue;
    const { values, recorded } = metric;
    const floats = Float32Array.from(values, (value, at) => (recorded?.[at] === 0 ? 0 : value));
    hash.update(name).update(new Uint8Array(floats.buffer));
    if (recorded?.includes(0)) hash.update(recorded);
  }
  return hash.digest("hex").slice(0, FINGERPRINT_DIGITS);
}

/** What of a trial's recorded sizes differs from its network. */
export function sizeDifferences({ architecture, dataset, recipe, metrics }: OfficialTrial): SizeDifference[] {
  const input = DATASET_FACTS[dataset];
  const sizes = [
    { size: "parameters", recorded: metrics.get("megaParameters"), computed: parametersOf(architecture, input) },
    { size: "flops", recorded: metrics.get("megaFlops"), computed: flopsOf(architecture, input) },
  ] as const;
  return sizes.flatMap(({ size, recorded, computed }) => {
    if (typeof recorded !== "number" || Math.abs(recorded * MILLION - computed) <= ROUNDING[size]) return [];
    return [{ size, architecture, dataset, recipe, recorded, computed: computed / MILLION }];
  });
}
