import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { openDerivedSource } from "../../core/importers/derived-sources.ts";
import { importOfficialTrials } from "../../core/importers/pipeline/official-import.ts";
import { formatArchitecture } from "../../core/space/codec.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { type HpobenchContent, hpobenchContent, writeHpobench } from "../helpers/hpobench-files.ts";
import { writeNniDatabase } from "../helpers/nni-database.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const ARCH = {
  ...{ "0_1": "conv_1x1", "0_2": "none", "0_3": "skip_connect" },
  ...{ "1_2": "none", "1_3": "conv_3x3", "2_3": "none" },
};

/** A file of HPOBench's in which seed 999 of cell 5 is filled with that of 888. */
function filledHpobench(folder: string): void {
  const content = hpobenchContent("cifar100", [5, 11]) as Record<string, HpobenchContent[string]>;
  const name = formatArchitecture(5);
  content["999"] = { ...content["999"], [name]: structuredClone(content["888"]?.[name] ?? {}) };
  writeHpobench(folder, "cifar100", content);
}

test("table import hpobench leaves out filled seeds and says so; the table passes its checks", async () => {
  const folder = temporaryFolder();
  filledHpobench(folder);
  const words = ["table", "import", "hpobench", ".", "--output", "table", "--json"];
  const { exitCode, stdout } = await runCommandLine(words, { cwd: folder });
  expect(exitCode).toBe(0);
  const { card, report } = JSON.parse(stdout);
  expect(card.datasets[0].recipes[0].seeds).toEqual([777, 888, 999]);
  expect(report.recipes[0].trials).toBe(5);
  expect(report.findings).toEqual([
    {
      what: "a trial that is an exact copy of another seed's was left out",
      count: 1,
      examples: ["architecture 5 on cifar100: seed 999 is that of seed 888"],
    },
  ]);
  expect((await runCommandLine(["table", "check", "table"], { cwd: folder })).exitCode).toBe(0);
});

test("table import nni prints no warning of SQLite's", async () => {
  const folder = temporaryFolder();
  writeNniDatabase(path.join(folder, "nasbench201.db"), [{ arch: ARCH, dataset: "cifar10", epochs: 12, seed: 111 }]);
  const words = ["table", "import", "nni", "nasbench201.db", "--output", "table"];
  const { exitCode, stdout, stderr } = await runCommandLine(words, { cwd: folder });
  expect([exitCode, stdout.split("\n")[0]]).toEqual([0, expect.stringContaining("imported nni-nas-bench-201 1.0.0")]);
  expect(stderr).not.toMatch(/experimental/i);
});

test("a database that is not the one that its name says is refused", async () => {
  const folder = temporaryFolder();
  writeNniDatabase(path.join(folder, "nasbench201-b2b60732.db"), [
    { arch: ARCH, dataset: "cifar10", epochs: 12, seed: 111 },
  ]);
  const { exitCode, stderr } = await runCommandLine(["table", "import", "nni", "nasbench201-b2b60732.db"], {
    cwd: folder,
  });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("b2b60732 neither begins nor ends its MD5")]);
});

test("a Syne Tune blackbox is refused by each of the imports", async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "nasbench201"));
  for (const name of ["objectives_evaluations.npy", "metadata.json"]) {
    writeFileSync(path.join(folder, "nasbench201", name), "");
  }
  for (const importer of ["syne-tune", "hpobench", "nni"]) {
    const { exitCode, stderr } = await runCommandLine(["table", "import", importer, folder]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("it has no validation split")]);
  }
});

test("an import that was interrupted after the reading still reports what the reader found", async () => {
  const folder = temporaryFolder();
  filledHpobench(folder);
  const controller = new AbortController();
  const { source, identity } = openDerivedSource(folder, "hpobench");
  const options = { source, identity, folder: path.join(folder, "table"), overwrite: false };
  const interrupted = await importOfficialTrials({
    ...options,
    signal: controller.signal,
    onProgress: (phase) => (phase === "assembling" ? controller.abort() : undefined),
  });
  expect(interrupted).toBeNull();
  const again = openDerivedSource(folder, "hpobench");
  const table = await importOfficialTrials({ ...options, source: again.source });
  expect(table?.report.findings.map(({ count }) => count)).toEqual([1]);
});
