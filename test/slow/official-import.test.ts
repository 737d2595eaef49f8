import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { OFFICIAL_DATASETS } from "../../core/importers/official-trial.ts";
import { Random } from "../../core/random/random.ts";
import { parseArchitecture } from "../../core/space/codec.ts";
import {
  itemOfEpoch,
  METRIC_VIEWS,
  type MetricColumn,
  type MetricName,
  type View,
  valueAt,
} from "../../core/tables/column.ts";
import { readCard, SearchView } from "../../core/tables/search-view.ts";
import { openTestParts } from "../../core/tables/test-view.ts";
import type { TrialLookup } from "../../core/tables/trial-lookup.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { contentOf } from "../helpers/folder-content.ts";
import { runProcess } from "../helpers/process.ts";
import { hasSharedData, needsSharedData, REPOSITORY, sharedData } from "../helpers/shared-data.ts";
import { signalAt } from "../helpers/signalled-process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** Where a number of `official-curves.json` belongs in a table. */
interface Place {
  readonly dataset: keyof typeof OFFICIAL_DATASETS;
  readonly epochs: number;
  readonly seed: number;
}

/** The prefix of a split's metrics (docs/table-format.md). */
function splitOf(dataset: Place["dataset"], split: string): string {
  if (split === "x-valid") return "valid";
  if (split === "x-test") return "test";
  return dataset === "cifar100" || dataset === "ImageNet16-120" ? "valtest" : "test";
}

/** Looks values of one architecture up. */
class FoundValues {
  readonly #folder: string;
  readonly #view: SearchView;
  readonly #architecture: number;
  readonly #lookups = new Map<string, TrialLookup>();
  compared = 0;

  constructor(folder: string, architecture: number) {
    this.#folder = folder;
    this.#view = new SearchView(folder, readCard(folder));
    this.#architecture = architecture;
  }

  /** Demands that the table has this value, equal as float32, at an epoch from 1; null: that it has none. */
  expect({ dataset, epochs, seed }: Place, metric: MetricName, epoch: number, expected: number | null): void {
    const [id, recipe] = [OFFICIAL_DATASETS[dataset], `${epochs}-epochs`];
    const lookup = this.#lookup(id, recipe, METRIC_VIEWS[metric]);
    const column = lookup.column(metric) as MetricColumn;
    const [start, end] = lookup.rowsOf(this.#architecture);
    const seeds = lookup.table.rows.trialSeed.slice(start, end);
    const found = valueAt(column, start + seeds.indexOf(seed), itemOfEpoch(column, epoch));
    this.compared++;
    if (found === (expected === null ? null : Math.fround(expected))) return;
    throw new Error(`${id}/${recipe} ${metric} of seed ${seed} at epoch ${epoch} is ${found}, not ${expected}`);
  }

  #lookup(dataset: string, recipe: string, view: View): TrialLookup {
    const key = `${dataset}/${recipe}/${view}`;
    const known = this.#lookups.get(key);
    if (known !== undefined) return known;
    const lookup =
      view === "search"
        ? this.#view.trialsOf(dataset, recipe, this.#architecture)
        : openTestParts(this.#folder, this.#view.card, dataset, recipe).of(this.#architecture);
    this.#lookups.set(key, lookup);
    return lookup;
  }

  curve(place: Place, metric: MetricName, values: readonly (number | null)[]): void {
    expect(values).toHaveLength(place.epochs);
    for (const [at, value] of values.entries()) this.expect(place, metric, at + 1, value);
  }

  everyEpoch(place: Place, metric: MetricName, value: number): void {
    for (let epoch = 1; epoch <= place.epochs; epoch++) this.expect(place, metric, epoch, value);
  }
}

type Json = Readonly<Record<string, unknown>>;

/** A reader of each field; a field without one fails the test, so nothing is left out. */
function walk(fields: Json, readers: Readonly<Record<string, (value: never) => void>>): void {
  expect(Object.keys(fields).sort()).toEqual(Object.keys(readers).sort());
  for (const [name, value] of Object.entries(fields)) (readers[name] as (value: unknown) => void)(value);
}

function compareTrial(found: FoundValues, dataset: Place["dataset"], seed: number, epochs: number, fields: Json): void {
  const place = { dataset, epochs, seed };
  const nothing = () => {};
  walk(fields, {
    epochs: (value: number) => expect(value).toBe(epochs),
    params_m: (value: number) => found.expect(place, "megaParameters", 1, value),
    flops_m: (value: number) => found.expect(place, "megaFlops", 1, value),
    latency_s: ([value]: number[]) => found.expect(place, "latencyMs", 1, (value as number) * 1000),
    train: (train: Json) =>
      walk(train, {
        accuracy: (values: number[]) => found.curve(place, "trainAccuracy", values),
        accuracy_top5: (values: number[] | null) =>
          values === null ? nothing() : found.curve(place, "trainTop5Accuracy", values),
        loss: (values: number[]) => found.curve(place, "trainLoss", values),
        seconds_per_epoch: (value: number) => found.everyEpoch(place, "trainMs", value * 1000),
      }),
    eval: (splits: Readonly<Record<string, Json>>) => {
      for (const [split, values] of Object.entries(splits)) {
        const name = splitOf(dataset, split);
        walk(values, {
          accuracy: (list: number[]) => found.curve(place, `${name}Accuracy` as MetricName, list),
          loss: (list: number[]) => found.curve(place, `${name}Loss` as MetricName, list),
          seconds_per_epoch: (value: number) => found.everyEpoch(place, `${name}Ms` as MetricName, value * 1000),
        });
      }
    },
  });
}

describe.skipIf(!hasSharedData)(needsSharedData("the genuine cells"), () => {
  test("every value of official-curves.json is found again", async () => {
    const folder = path.join(temporaryFolder(), "table");
    const result = await runCommandLine([
      ...["table", "import", "nats-bench", sharedData("official-samples"), "--output", folder, "--json"],
    ]);
    expect(result.exitCode, result.stderr).toBe(0);
    const { card, report } = JSON.parse(result.stdout);
    expect(card.architectures).toBe(2);
    expect(report.architectures).toEqual({ present: 2, missing: 15623 });
    expect(report.sizes.differences).toEqual([]);
    const cells = JSON.parse(readFileSync(sharedData("official-curves.json"), "utf8"));
    let [compared, trials] = [0, 0];
    for (const [index, cell] of Object.entries(cells as Record<string, Json>)) {
      const found = new FoundValues(folder, Number(index));
      walk(cell, {
        arch_str: (text: string) => expect(parseArchitecture(text)).toBe(Number(index)),
        hp: (recipes: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>) => {
          for (const [epochs, datasets] of Object.entries(recipes)) {
            for (const [dataset, seeds] of Object.entries(datasets)) {
              for (const [seed, fields] of Object.entries(seeds)) {
                compareTrial(found, dataset as Place["dataset"], Number(seed), Number(epochs), fields);
                trials++;
              }
            }
          }
        },
      });
      compared += found.compared;
    }
    // And the table has no training that the document lacks.
    const rows = card.datasets.flatMap((dataset: { recipes: { files: { view: string; rows: number }[] }[] }) =>
      dataset.recipes.flatMap(({ files }) => files.filter(({ view }) => view === "search").map((file) => file.rows)),
    );
    expect(rows.reduce((sum: number, count: number) => sum + count, 0)).toBe(trials);
    expect(compared).toBeGreaterThan(30_000);
  });
});

const GENERATOR = path.join(REPOSITORY, "test/bench/official-folder/generate.py");
const python = await runProcess("python3", ["--version"]).then(
  ({ exitCode }) => exitCode === 0,
  () => false,
);
const KILLS = 5;
const FILES = 30;

describe.skipIf(!python)(python ? "a generated folder" : "a generated folder (needs python3, not found)", () => {
  test(`of ${FILES} files, killed ${KILLS} times at random moments, becomes the same table`, async () => {
    const folder = temporaryFolder();
    const files = path.join(folder, "files");
    const made = await runProcess("python3", [GENERATOR, files, "--architectures", `${FILES}`, "--jobs", "2"]);
    expect(made.exitCode, made.stderr).toBe(0);
    const words = (output: string) => ["table", "import", "nats-bench", files, "--output", path.join(folder, output)];
    const begun = performance.now();
    const whole = await runCommandLine(words("whole"));
    const duration = performance.now() - begun;
    expect(whole.exitCode, whole.stderr).toBe(0);
    const random = new Random("6b696c6c6564206f6666696369616c73");
    for (let kill = 0; kill < KILLS; kill++) {
      const [start, delay] = [performance.now(), random.integer(Math.ceil(duration))];
      const { survivors } = await signalAt(words("killed"), "SIGKILL", () => performance.now() - start >= delay);
      expect(survivors).toEqual([]);
      const there = readdirSync(folder).includes("killed");
      if (there) expect(contentOf(path.join(folder, "killed"))).toEqual(contentOf(path.join(folder, "whole")));
    }
    const last = await runCommandLine([...words("killed"), "--if-missing"]);
    expect(last.exitCode, last.stderr).toBe(0);
    expect(contentOf(path.join(folder, "killed"))).toEqual(contentOf(path.join(folder, "whole")));
    // A lock whose owner was killed is taken over by whoever comes next.
    expect(
      readdirSync(folder)
        .filter((name) => name !== ".lock")
        .sort(),
    ).toEqual(["files", "killed", "whole"]);
  });
});
