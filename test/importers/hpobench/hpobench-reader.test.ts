import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { Findings } from "../../../core/importers/findings.ts";
import { findHpobenchFiles } from "../../../core/importers/hpobench/hpobench-files.ts";
import { readHpobench } from "../../../core/importers/hpobench/hpobench-reader.ts";
import type { EpochSeries, OfficialTrial } from "../../../core/importers/official-trial.ts";
import { formatArchitecture } from "../../../core/space/codec.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import {
  type HpobenchContent,
  hpobenchContent,
  hpobenchName,
  hpobenchTrial,
  writeHpobench,
} from "../../helpers/hpobench-files.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

async function readAll(place: string, findings = new Findings()): Promise<OfficialTrial[]> {
  const trials: OfficialTrial[] = [];
  for (const file of findHpobenchFiles(place)) {
    for await (const batch of readHpobench(file, findings)) trials.push(...batch);
  }
  return trials;
}

async function faultOf(text: string | Uint8Array): Promise<HarnessError> {
  const file = path.join(temporaryFolder(), hpobenchName("cifar100"));
  writeFileSync(file, text);
  const thrown = await readAll(file).then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(HarnessError);
  return thrown as HarnessError;
}

const CELL = 11;
const STRING = formatArchitecture(CELL);

/** A document of one seed and cell, changed. */
function changed(change: (trial: ReturnType<typeof hpobenchTrial>) => void): string {
  const trial = hpobenchTrial("cifar100", CELL, 777);
  change(trial);
  return JSON.stringify({ "777": { [STRING]: trial } });
}

const series = (trial: OfficialTrial, name: "validAccuracy" | "valtestLoss" | "trainMs") =>
  trial.metrics.get(name) as EpochSeries;

describe("what the files hold", () => {
  test.each(["cifar10-valid", "cifar100", "ImageNet16-120"])("every value of %s is found again", async (dataset) => {
    const folder = temporaryFolder();
    const content = hpobenchContent(dataset, [0, CELL, 15_624]);
    writeHpobench(folder, dataset, content);
    const trials = await readAll(folder);
    expect(trials.map(({ architecture, seed }) => `${seed} ${architecture}`)).toEqual(
      [777, 888, 999].flatMap((seed) => [0, CELL, 15_624].map((cell) => `${seed} ${cell}`)),
    );
    const splits =
      dataset === "cifar10-valid"
        ? { "x-valid": "valid", "ori-test": "test" }
        : { "x-valid": "valid", "x-test": "test", "ori-test": "valtest" };
    let compared = 0;
    for (const trial of trials) {
      expect([trial.dataset, trial.recipe, trial.epochs]).toEqual([dataset.toLowerCase(), "200-epochs", 200]);
      const source = content[trial.seed]?.[formatArchitecture(trial.architecture)] ?? {};
      for (const [field, values] of Object.entries(source)) {
        const ending = field.endsWith("acc1es") ? "Accuracy" : field.endsWith("losses") ? "Loss" : "Ms";
        for (const [key, value] of Object.entries(values)) {
          const [left = "", right = ""] = key.split("@");
          const split = field.startsWith("train") ? "train" : splits[left as "x-valid"];
          const epoch = Number(field.startsWith("train") ? left : right);
          const metric = trial.metrics.get(`${split}${ending}` as "validAccuracy") as EpochSeries;
          const isRecorded = metric.recorded === null || metric.recorded[epoch] === 1;
          const expected = ending === "Ms" ? value * 1000 : value;
          if (!isRecorded || metric.values[epoch] !== expected) throw new Error(`${field} ${key} differs`);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(9 * 1400);
  });

  test("what was not evaluated at an epoch is not recorded, its time is", async () => {
    const folder = temporaryFolder();
    writeHpobench(folder, "cifar100", hpobenchContent("cifar100", [CELL]));
    const [trial] = (await readAll(folder)) as [OfficialTrial];
    expect(Array.from(series(trial, "validAccuracy").recorded ?? []).indexOf(1)).toBe(199);
    expect(series(trial, "valtestLoss").recorded).toBeNull();
    expect((trial.metrics.get("validMs") as EpochSeries).recorded).toBeNull();
    expect([...trial.metrics.keys()]).not.toContain("latencyMs");
  });

  test("a folder may hold some of the datasets, beside other files", async () => {
    const folder = temporaryFolder();
    writeHpobench(folder, "ImageNet16-120", hpobenchContent("ImageNet16-120", [1]));
    writeFileSync(path.join(folder, "README.json"), "no document");
    expect(findHpobenchFiles(folder).map(({ dataset }) => dataset)).toEqual(["imagenet16-120"]);
  });
});

describe("seeds that HPOBench filled", () => {
  test("an exact copy of another seed's trial is left out and reported", async () => {
    const folder = temporaryFolder();
    const content = hpobenchContent("cifar100", [3, CELL]) as Record<string, HpobenchContent[string]>;
    content["999"] = { ...content["999"], [STRING]: structuredClone(content["888"]?.[STRING] ?? {}) };
    writeHpobench(folder, "cifar100", content);
    const findings = new Findings();
    const trials = await readAll(folder, findings);
    expect(trials.filter(({ architecture }) => architecture === CELL).map(({ seed }) => seed)).toEqual([777, 888]);
    expect(trials.filter(({ architecture }) => architecture === 3).map(({ seed }) => seed)).toEqual([777, 888, 999]);
    expect(findings.list()).toEqual([
      {
        what: "a trial that is an exact copy of another seed's was left out",
        count: 1,
        examples: [`architecture ${CELL} on cifar100: seed 999 is that of seed 888`],
      },
    ]);
  });

  test("one value that differs makes it a trial of its own; another cell's equal values do too", async () => {
    const folder = temporaryFolder();
    const content = hpobenchContent("cifar100", [CELL]) as Record<string, HpobenchContent[string]>;
    const copy = structuredClone(content["888"]?.[STRING] ?? {});
    (copy.train_losses as Record<string, number>)["117"] = 1.25;
    content["999"] = { [STRING]: copy, [formatArchitecture(12)]: structuredClone(copy) };
    writeHpobench(folder, "cifar100", content);
    const findings = new Findings();
    expect(await readAll(folder, findings)).toHaveLength(4);
    expect(findings.list()).toEqual([]);
  });
});

test.each(["NaN", "Infinity"])("%s, as Python writes a diverged loss, is kept", async (diverged) => {
  const file = path.join(temporaryFolder(), hpobenchName("cifar100"));
  const text = changed((trial) => {
    (trial.train_losses as Record<string, number>)["5"] = 77_777;
  });
  writeFileSync(file, text.replace("77777", ` ${diverged}`));
  const [trial] = (await readAll(file)) as [OfficialTrial];
  const { values, recorded } = trial.metrics.get("trainLoss") as EpochSeries;
  expect(recorded).toBeNull();
  expect(values[5]).toBe(Number(diverged));
});

test("a field that is not known is skipped, whatever is in it, and reported", async () => {
  const file = path.join(temporaryFolder(), hpobenchName("cifar100"));
  writeFileSync(
    file,
    changed((trial) => Object.assign(trial, { extra: { list: [1, { deep: [[]] }], none: null } })),
  );
  const findings = new Findings();
  expect(await readAll(file, findings)).toHaveLength(1);
  expect(findings.list()[0]?.what).toBe("field extra is unknown and was not read");
});

describe("files that can't be read", () => {
  test.each([
    ["an empty file", "", "the file is empty"],
    ["no JSON", "<html>not found</html>", "the file is no JSON"],
    ["a list", "[1]", "a list stands where an object should"],
    ["a number as seed", '{"777": 3}', "a number stands where an object should"],
    ["a seed that is none", '{"mean": {}}', '"mean" is no seed'],
    ["a seed twice", '{"777": {}, "777": {}}', "seed 777 stands there twice"],
    ["an architecture that is none", '{"777": {"|nor_conv_7x7~0|": {}}}', "a key is no architecture"],
    ["two documents", '{"777": {}} {"888": {}}', "the file is no JSON"],
    ["null", '{"777": null}', "null stands where an object should"],
  ])("%s", async (_, text, what) => {
    const { code, details } = await faultOf(text);
    expect(code).toBe("NAS_BENCHMARK_FILE");
    expect(details.what).toContain(what);
    expect(details.where).toContain(hpobenchName("cifar100"));
  });

  test.each<[string, (trial: ReturnType<typeof hpobenchTrial>) => void, string, string]>([
    ["a field missing", (trial) => delete trial.eval_losses, "lacks eval_losses", "seed 777"],
    [
      "an accuracy above 100",
      ({ train_acc1es: field }) => Object.assign(field ?? {}, { 7: 100.5 }),
      "train_acc1es is 100.5",
      "key 7",
    ],
    [
      "a negative time",
      ({ eval_times: field }) => Object.assign(field ?? {}, { "x-test@3": -1 }),
      "eval_times is -1",
      "key x-test@3",
    ],
    [
      "an epoch past the last",
      ({ train_losses: field }) => Object.assign(field ?? {}, { 200: 1 }),
      '"200" is no key of train_losses',
      "key 200",
    ],
    [
      "an epoch written oddly",
      ({ train_losses: field }) => Object.assign(field ?? {}, { "01": 1 }),
      '"01" is no key',
      "key 01",
    ],
    [
      "a split of another dataset",
      ({ eval_acc1es: field }) => Object.assign(field ?? {}, { "x-train@1": 1 }),
      '"x-train@1" is no key',
      "key x-train@1",
    ],
    [
      "a split of JavaScript's",
      ({ eval_acc1es: field }) => Object.assign(field ?? {}, { "constructor@1": 1 }),
      "is no key",
      "key constructor@1",
    ],
    [
      "a string",
      ({ train_losses: field }) => Object.assign(field ?? {}, { 3: "1.5" }),
      "a string stands where a number should",
      "key 3",
    ],
    [
      "a loss that is minus infinity",
      ({ train_losses: field }) => Object.assign(field ?? {}, { 3: "-Infinity" }),
      "a string stands where a number should",
      "key 3",
    ],
    [
      "NaN as accuracy",
      ({ train_acc1es: field }) => Object.assign(field ?? {}, { 3: "NaN" }),
      "a string stands where a number should",
      "key 3",
    ],
    [
      "null as accuracy",
      ({ train_acc1es: field }) => Object.assign(field ?? {}, { 3: null }),
      "null stands where a number should",
      "key 3",
    ],
  ])("%s names architecture, field and key", async (_, change, what, where) => {
    const { code, details } = await faultOf(changed(change));
    expect(code).toBe("NAS_BENCHMARK_FILE");
    expect(details.what).toContain(what);
    expect(details.where).toContain("seed 777");
    expect(details.where).toContain(where);
    if (where.startsWith("key")) expect(details.where).toContain(STRING);
  });

  test("a key or an architecture that stands there twice", async () => {
    const text = changed(() => {});
    const key = await faultOf(text.replace('"train_losses":{', '"train_losses":{"0":1,'));
    expect(key.details.what).toBe('train_losses has "0" twice');
    const cell = await faultOf(`{"777": {${text.slice(8, -2)}, ${text.slice(8, -2)}}}`);
    expect(cell.details.what).toBe(`architecture ${CELL} stands there twice`);
  });

  test("a file that is cut off, wherever, is an error and never a shorter table", async () => {
    const bytes = Buffer.from(changed(() => {}));
    for (let cut = 1; cut < 20; cut++) {
      const error = await faultOf(bytes.subarray(0, bytes.length - cut * cut * cut));
      expect(error.details.what).toMatch(/truncated|no JSON/);
    }
  });

  test("folders without its files, with two of a dataset, or that are not there", () => {
    const folder = temporaryFolder();
    expect(harnessErrorOf(() => findHpobenchFiles(folder)).details.allowed).toContain(hpobenchName("cifar10-valid"));
    expect(harnessErrorOf(() => findHpobenchFiles(path.join(folder, "none"))).code).toBe("NAS_FILE_NOT_FOUND");
    writeFileSync(path.join(folder, hpobenchName("cifar100")), "{}");
    writeFileSync(path.join(folder, "NAS-Bench-201-v1_0-e61699_cifar100.json"), "{}");
    expect(harnessErrorOf(() => findHpobenchFiles(folder)).details.what).toBe("2 files are of dataset cifar100");
  });

  test("a folder in a file's place", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, hpobenchName("cifar100")));
    const error = await readAll(folder).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect((error as HarnessError).code).toBe("NAS_FILE_UNREADABLE");
  });
});
