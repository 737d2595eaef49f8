import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { Check } from "../../core/training/self-check/check.ts";
import goldenTraining from "../../core/training/self-check/golden-training.json" with { type: "json" };
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { copyHarness } from "../helpers/harness-copy.ts";
import { writeNativePackage } from "../helpers/native-package.ts";
import { runProcess } from "../helpers/process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

interface Diagnosis {
  readonly ok: boolean;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly backend: string;
  readonly checks: readonly Check[];
}

const KERNELS = "core/training/kernels/kernels.wasm";

/** Runs where no table is found but those of `tables`. */
function place(modules = "", tables?: string) {
  return { cwd: temporaryFolder(), env: { NODE_PATH: modules, NAS_HARNESS_TABLES: tables } };
}

function parse({ stdout }: CommandResult): { diagnosis: Diagnosis; byName: ReadonlyMap<string, Check> } {
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  return { diagnosis, byName: new Map(diagnosis.checks.map((check) => [check.name, check])) };
}

test("--help shows an example", async () => {
  const { exitCode, stdout } = await runCommandLine(["doctor", "--help"]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Example:$/m);
  expect(stdout.split("\n").every((line) => line.length <= 120)).toBe(true);
});

test("says of a sound installation, in aligned lines, that all that is needed works", async () => {
  const { exitCode, stdout, stderr } = await runCommandLine(["doctor"], place());
  expect(exitCode, stdout).toBe(0);
  expect(stderr).toBe("checking; this takes about ten seconds\n");
  const [versions, hardware, , header, ...rest] = stdout.trimEnd().split("\n");
  expect(versions).toContain(
    `Node.js ${process.versions.node}, TensorFlow.js 4.22.0, ${process.platform} ${process.arch}`,
  );
  expect(hardware).toMatch(/, cores: \d+, memory: [\d.]+ GiB \([\d.]+ GiB free\)$/);
  const column = header!.indexOf("found");
  expect(header).toMatch(/^status {3}check +found$/);
  const lines = rest.slice(0, -2);
  for (const line of lines) expect(line.slice(0, column)).toMatch(/^(ok|missing|failed|) +.* {2}$/);
  const statuses = lines.map((line) => line.split(/ {2,}/).slice(0, 2).join(" "));
  expect(statuses.slice(0, 7)).toEqual([
    ...["ok backend wasm", "ok kernels", "ok agreement", "ok golden training", "ok speed"],
    ...["missing backend tfjs-node-gpu", "missing backend tfjs-node"],
  ]);
  expect(statuses).toContain("ok dataset fashion-mnist-8x8");
  expect(stdout).toContain(goldenTraining.weightsSha256.slice(0, 12));
  expect(statuses).toContain("ok table fashion-mnist-8x8");
  expect(rest.at(-1)).toBe("all that is needed works; training runs on the backend wasm");
});

describe("with other backends installed, one that computes and one that ends its process", () => {
  // Two backends compute in plain JavaScript.
  const timeout = 180_000;
  test("--json gives what was found of each, and the exit code stays 0: they are optional", { timeout }, async () => {
    const modules = temporaryFolder();
    writeNativePackage(modules, "tfjs-node", "standIn");
    writeNativePackage(modules, "tfjs-node-gpu", "deadly");
    const result = await runCommandLine(["doctor", "--json"], place(modules, inject("generatedTable")));
    expect({ exitCode: result.exitCode, stderr: result.stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { diagnosis, byName } = parse(result);
    expect(diagnosis).toMatchObject({ ok: true, backend: "wasm" });
    expect(diagnosis.machine).toEqual({
      harness: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      node: process.versions.node,
      platform: process.platform,
      architecture: process.arch,
      cpu: expect.any(String),
      cores: expect.any(Number),
      memoryBytes: expect.any(Number),
      freeMemoryBytes: expect.any(Number),
      tfjs: "4.22.0",
    });
    const tolerances = { loss: 1e-4, gradients: 1e-4, weights: 1e-5 };
    for (const name of ["agreement", "agreement tfjs-node"]) {
      const { status, facts } = byName.get(name) as Check;
      expect(status).toBe("ok");
      expect(facts.tolerances).toEqual(tolerances);
      expect(facts.cells).toHaveLength(3);
      for (const [part, allowed] of Object.entries(tolerances)) {
        expect((facts.differences as Record<string, number>)[part]).toBeLessThan(allowed / 10);
      }
    }
    // Other sums in another order: no difference at all would mean that the kernels were not what was compared.
    expect((byName.get("agreement")!.facts.differences as { weights: number }).weights).toBeGreaterThan(0);
    const { weightsSha256 } = goldenTraining;
    expect(byName.get("golden training")).toMatchObject({
      status: "ok",
      facts: { weightsSha256, expected: weightsSha256 },
    });
    expect(byName.get("backend wasm")).toMatchObject({ status: "ok", needed: true, facts: { simd: true } });
    expect(byName.get("backend tfjs-node")).toMatchObject({ status: "ok", needed: false, facts: { gpu: false } });
    expect(byName.has("golden training tfjs-node")).toBe(false);
    for (const name of ["speed", "speed tfjs-node"]) {
      expect(byName.get(name)!.facts.imagesPerSecond).toBeGreaterThan(0);
    }
    expect(byName.get("process tfjs-node-gpu")).toMatchObject({
      status: "failed",
      needed: false,
      says: expect.stringContaining(
        "NAS_TRAINING_BACKEND: the process that checked the backend tfjs-node-gpu was ended by SIGKILL",
      ),
    });
    expect(byName.get("table generated")).toMatchObject({ status: "ok", facts: { benchmark: expect.any(String) } });
    expect(byName.get("dataset fashion-mnist-8x8")).toMatchObject({
      status: "ok",
      facts: { images: { train: 50_000, valid: 10_000, test: 10_000 } },
    });
  });
});

describe("a damaged copy ends with exit code 4 and a line for each check that failed", () => {
  async function diagnose(damage: (folder: string) => void, ...words: string[]) {
    const folder = temporaryFolder();
    const bin = copyHarness(folder);
    damage(folder);
    const result = await runProcess(process.execPath, [bin, "doctor", ...words], place());
    expect(result.exitCode, result.stdout).toBe(4);
    return result;
  }

  test("kernels that do not load, and images and a table that were changed", async () => {
    const { stdout } = await diagnose((folder) => {
      truncateSync(path.join(folder, KERNELS), 5000);
      writeFileSync(path.join(folder, "plugins/datasets/fashion-mnist-8x8/images/valid-images.idx.gz"), "no images");
      const table = path.join(folder, "plugins/datasets/fashion-mnist-8x8/table");
      rmSync(table, { recursive: true, force: true });
      cpSync(inject("generatedTable"), table, { recursive: true });
      const arrow = readdirSync(table, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(".arrow"));
      truncateSync(path.join(table, arrow as string), 100);
    });
    const lines = stdout.split("\n");
    const found = (check: string) => lines.find((line) => line.includes(`  ${check}  `)) ?? "";
    expect(found("backend wasm")).toMatch(/^ok/);
    expect(found("kernels")).toMatch(/^failed {3}kernels +NAS_TRAINING_BACKEND: the training kernels do not load: /);
    expect(found("kernels")).toContain(KERNELS);
    expect(lines[lines.indexOf(found("kernels")) + 1]).toMatch(/^ +next: install the harness again/);
    expect(found("dataset fashion-mnist-8x8")).toMatch(/^failed .* NAS_IMAGES: .*valid-images\.idx\.gz/);
    expect(found("table table")).toMatch(/^failed .* NAS_TABLE_CORRUPT: a file of the table is truncated/);
    expect(stdout).not.toMatch(/agreement|golden|speed/);
    expect(lines.at(-2)).toBe("does not work: kernels, dataset fashion-mnist-8x8, table table");
  });

  test("kernels that load and compute something else, and images that are not there", async () => {
    const result = await diagnose((folder) => {
      const file = path.join(folder, KERNELS);
      const bytes = readFileSync(file);
      // f32x4.mul becomes f32x4.add.
      const [multiply, add] = [Buffer.from([0xfd, 0xe6, 0x01]), Buffer.from([0xfd, 0xe4, 0x01])];
      for (let at = bytes.indexOf(multiply); at >= 0; at = bytes.indexOf(multiply)) add.copy(bytes, at);
      writeFileSync(file, bytes);
      rmSync(path.join(folder, "plugins/datasets/fashion-mnist-8x8/images/test-images.idx.gz"));
    }, "--json");
    const { diagnosis, byName } = parse(result);
    expect(diagnosis.ok).toBe(false);
    expect(byName.get("kernels")).toMatchObject({ status: "ok" });
    expect(byName.get("agreement")).toMatchObject({
      status: "failed",
      needed: true,
      says: expect.stringMatching(/^loss, gradients, weights out of tolerance; off the cpu backend by at most: loss /),
      next: expect.stringContaining("report"),
    });
    const golden = byName.get("golden training")!;
    expect(golden).toMatchObject({
      status: "failed",
      needed: true,
      says: expect.stringMatching(/, not fbc730de8550$/),
    });
    expect(golden.facts.weightsSha256).not.toBe(golden.facts.expected);
    expect(byName.get("dataset fashion-mnist-8x8")).toMatchObject({
      status: "failed",
      needed: true,
      says: expect.stringMatching(/^NAS_IMAGES: there is neither test-images\.idx nor /),
    });
  });
});
