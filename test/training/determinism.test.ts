import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { GoldenTraining } from "../../core/training/self-check/golden-training.ts";
import { runProcess } from "../helpers/process.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { tinyTraining } from "./tiny-training.ts";

const FILE = path.join(REPOSITORY, "core/training/self-check/golden-training.json");
const RENEW = "NAS_HARNESS_RENEW_GOLDEN=1 npx vitest run test/training/determinism.test.ts";

const training = await tinyTraining();
if (process.env.NAS_HARNESS_RENEW_GOLDEN === "1") writeFileSync(FILE, `${JSON.stringify(training, null, 2)}\n`);
const golden = (existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : null) as GoldenTraining | null;

test("a training gives the golden losses and weights, bit for bit", () => {
  expect(
    training,
    [
      "twenty steps gave other bits than before: the trained weights and accuracies of every table would change.",
      "If that is not meant, it is a defect: the same inputs must give the same weights on every machine.",
      `If it is meant, tables built before can't be audited any more; then: ${RENEW}`,
    ].join("\n"),
  ).toEqual(golden);
});

test("it learns", () => {
  expect(training.losses[0]).toBeGreaterThan(2);
  expect(training.losses[19]).toBeLessThan(0.5);
});

test("again in this process it gives the same bits", async () => {
  expect(await tinyTraining()).toEqual(training);
});

test.each([
  ["a process of its own", []],
  ["one without optimising compilers", ["--no-opt", "--no-wasm-tier-up"]],
])("%s gives the same bits", async (_title, options) => {
  const program = path.join(import.meta.dirname, "tiny-training.ts");
  const { exitCode, stdout, stderr } = await runProcess(process.execPath, [...options, program]);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual(training);
});
