import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readArchitectureFile } from "../../../core/importers/official/architecture-file.ts";
import { checkMetaFile, readOfficialFolder } from "../../../core/importers/official/official-folder.ts";
import { OFFICIAL_SPLITS } from "../../../core/importers/official/official-splits.ts";
import { type EpochSeries, OFFICIAL_DATASETS, type OfficialTrial } from "../../../core/importers/official-trial.ts";
import type { MetricName } from "../../../core/tables/column.ts";
import { hasSharedData, needsSharedData, sharedData } from "../../helpers/shared-data.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

/** A series of official-curves.json: null where nothing is recorded; seconds are one number for all epochs. */
interface Curve {
  readonly accuracy: readonly (number | null)[];
  readonly loss: readonly (number | null)[];
  readonly seconds_per_epoch: number;
  readonly accuracy_top5?: readonly number[] | null;
}
interface CurveTrial {
  readonly epochs: number;
  readonly params_m: number;
  readonly flops_m: number;
  readonly latency_s: readonly number[];
  readonly train: Curve;
  readonly eval: Readonly<Record<string, Curve>>;
}
type Curves = Record<string, { hp: Record<string, Record<string, Record<string, CurveTrial>>> }>;

function listOf(value: EpochSeries | number | undefined): (number | null)[] | number | undefined {
  if (value === undefined || typeof value === "number") return value;
  return Array.from(value.values, (item, at) => (value.recorded === null || value.recorded[at] === 1 ? item : null));
}

/** What a trial has to be, of the other decoder's values. */
function expectedMetrics(
  dataset: keyof typeof OFFICIAL_DATASETS,
  trial: CurveTrial,
): Partial<Record<MetricName, unknown>> {
  const series = (prefix: "train" | "valid" | "test" | "valtest", curve: Curve) => ({
    [`${prefix}Accuracy`]: curve.accuracy,
    [`${prefix}Loss`]: curve.loss,
    [`${prefix}Ms`]: Array(trial.epochs).fill(1000 * curve.seconds_per_epoch),
  });
  return {
    ...series("train", trial.train),
    ...(trial.train.accuracy_top5 ? { trainTop5Accuracy: trial.train.accuracy_top5 } : {}),
    ...Object.entries(trial.eval).reduce((all, [split, curve]) => {
      const prefix = OFFICIAL_SPLITS[OFFICIAL_DATASETS[dataset]][split]!;
      return Object.assign(all, series(prefix, curve));
    }, {}),
    latencyMs: trial.latency_s[0]! * 1000,
    megaParameters: trial.params_m,
    megaFlops: trial.flops_m,
  };
}

function expectCurves(architecture: number, trials: readonly OfficialTrial[]): void {
  const curves = JSON.parse(readFileSync(sharedData("official-curves.json"), "utf8")) as Curves;
  let expected = 0;
  for (const [recipe, datasets] of Object.entries(curves[architecture]!.hp)) {
    for (const [dataset, seeds] of Object.entries(datasets)) {
      for (const [seed, curve] of Object.entries(seeds)) {
        expected++;
        const name = OFFICIAL_DATASETS[dataset as keyof typeof OFFICIAL_DATASETS];
        const is = (trial: OfficialTrial) =>
          trial.recipe === `${recipe}-epochs` && trial.dataset === name && trial.seed === Number(seed);
        const [trial, ...others] = trials.filter(is);
        expect(others).toEqual([]);
        expect({ architecture: trial?.architecture, epochs: trial?.epochs }).toEqual({
          architecture,
          epochs: curve.epochs,
        });
        const metrics = Object.fromEntries([...trial!.metrics].map(([metric, value]) => [metric, listOf(value)]));
        expect(metrics).toEqual(expectedMetrics(dataset as keyof typeof OFFICIAL_DATASETS, curve));
      }
    }
  }
  expect(trials).toHaveLength(expected);
}

describe.skipIf(!hasSharedData)(needsSharedData("the genuine sample files"), () => {
  test.each([0, 11])("every value of cell %i is that of another decoder, as float64", async (architecture) => {
    const name = `${String(architecture).padStart(6, "0")}.pickle.pbz2`;
    expectCurves(architecture, await readArchitectureFile(sharedData("official-samples", name)));
  });

  test("the list of architectures is in this project's order", async () => {
    await checkMetaFile(sharedData("official-samples", "meta.pickle.pbz2"));
  });

  test("as a folder they give a batch for each architecture", async () => {
    const architectures: number[] = [];
    for await (const batch of readOfficialFolder(sharedData("official-samples"))) {
      architectures.push(batch[0]!.architecture);
      expectCurves(batch[0]!.architecture, batch);
    }
    expect(architectures).toEqual([0, 11]);
  });

  test("a file under another architecture's name is refused", async () => {
    const file = path.join(temporaryFolder(), "000012.pickle.pbz2");
    cpSync(sharedData("official-samples", "000011.pickle.pbz2"), file);
    await expect(readArchitectureFile(file)).rejects.toMatchObject({
      code: "NAS_OFFICIAL_FILE",
      details: {
        what: "the field is 11",
        where: `${file}, architecture 12, recipe 12, field arch_index`,
        allowed: "12",
      },
    });
  });
});
