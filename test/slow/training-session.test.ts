import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { nativePackageFolder } from "../../core/training/native-backend.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { writeNativePackage } from "../helpers/native-package.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { signalAt } from "../helpers/signalled-process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const recordsIn = (output: string, method: string) =>
  readFileSync(path.join(output, "fashion-mnist-8x8", method, "records.jsonl"), "utf8");

/** A short GDAS: seconds on one core. */
const GDAS = ["run", "gdas", "--runs", "2", "--option", "gdas.epochs=12", "--option", "gdas.imagesPerEpoch=1600"];

describe("a search", () => {
  test("killed at several moments goes on to the same records; its log has every epoch", async () => {
    const [whole, output] = [temporaryFolder(), temporaryFolder()];
    const undisturbed = await runCommandLine([...GDAS, "--output", whole]);
    expect(undisturbed.exitCode, undisturbed.stderr).toBe(0);
    const log = path.join(output, "epochs.jsonl");
    const logged = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0);
    const words = [...GDAS, "--output", output, "--resume", "--log", log];
    for (const epochs of [3, 9, 17]) {
      const result = await signalAt(words, "SIGKILL", () => logged() >= epochs);
      expect(result.exitCode, result.stderr).toBeNull();
      expect(result.survivors).toEqual([]);
    }
    const before = logged();
    const resumed = await runCommandLine(words);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(recordsIn(output, "gdas")).toBe(recordsIn(whole, "gdas"));
    // What the checkpoints held was not trained again: at most an epoch of each process was lost.
    expect(logged()).toBeLessThanOrEqual(24 + 2 * 3);
    expect(logged()).toBeGreaterThan(before);
    const epochs = new Set(
      readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
        .map(({ runIndex, epoch }) => `${runIndex}/${epoch}`),
    );
    expect(epochs.size).toBe(24);
    expect(existsSync(path.join(output, "fashion-mnist-8x8/gdas/checkpoints"))).toBe(false);
  });

  test.each(["process", "auto"])("of a plugin that is not built in is the same (--isolation %s)", async (isolation) => {
    const [own, output] = [temporaryFolder(), temporaryFolder()];
    const copy = path.join(temporaryFolder(), "gdas");
    cpSync(path.join(REPOSITORY, "plugins/algorithms/gdas"), copy, { recursive: true });
    expect((await runCommandLine([...GDAS, "--output", own])).exitCode).toBe(0);
    const words = GDAS.map((word) => (word === "gdas" ? copy : word));
    const { exitCode, stderr } = await runCommandLine([...words, "--isolation", isolation, "--output", output]);
    expect(exitCode, stderr).toBe(0);
    expect(recordsIn(output, "gdas")).toBe(recordsIn(own, "gdas"));
  });
});

/** A plugin whose `trainEpoch` does this. */
function writeTrainer(body: string): string {
  const source = `import { readFileSync, writeFileSync } from "node:fs";
    import { connect } from "node:net";
    import { defineAlgorithm } from "nas-harness";
    export default defineAlgorithm({
      train: ({ training }) => ({
        epochs: 1, answer: () => 5, save: () => null, restore() {},
        trainEpoch() { ${body} return { architecture: 5, parameters: [], figures: {} }; },
      }),
    });`;
  const manifest = algorithmManifest({ name: "trainer", needs: ["training"] });
  return writePlugin(path.join(temporaryFolder(), "trainer"), manifest, source);
}

describe("a plugin that trains, apart", () => {
  const testImages = path.join(REPOSITORY, "plugins/datasets/fashion-mnist-8x8/images");
  const table = path.join(REPOSITORY, "plugins/datasets/fashion-mnist-8x8/table/table.json");
  test.each<[string, string, RegExp, readonly string[]]>([
    [
      "reads the table",
      `readFileSync(${JSON.stringify(table)});`,
      /NAS_ALGORITHM_THREW.*(denied|restricted|no such)/,
      [],
    ],
    ["reads images", `readFileSync(${JSON.stringify(testImages)} + "/test-images.idx.gz");`, /NAS_ALGORITHM_THREW/, []],
    [
      "writes",
      `writeFileSync(${JSON.stringify(path.join(tmpdir(), "nas-harness-trainer"))}, "x");`,
      /NAS_ALGORITHM_THREW/,
      [],
    ],
    ["sends signals", `process.kill(process.ppid, "SIGTERM");`, /NAS_ALGORITHM_THREW.*may not send signals/, []],
    ["hangs", "for (;;);", /NAS_ALGORITHM_TIMEOUT.*did not finish run 0 within 5 s/, ["--run-limit", "5"]],
    [
      "takes all memory",
      "const kept = []; for (;;) kept.push(Buffer.alloc(10_000_000, 1));",
      /NAS_ALGORITHM_DIED.*used more than 600 MB/,
      ["--memory-limit", "600"],
    ],
    ["ends its process", "process.exit(7);", /NAS_ALGORITHM_DIED.*exit code 7/, []],
    [
      "asks for test images",
      "training.images.test;",
      /NAS_TRAINING_SPLIT: trainer: .*trainer: the method asks for test images/,
      [],
    ],
  ])("%s", async (_, body, message, flags) => {
    const words = ["run", writeTrainer(body), "--runs", "1", "--output", temporaryFolder(), ...flags];
    const { exitCode, stderr } = await runCommandLine(words);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("other backends", () => {
  const short = ["run", "gdas", "--runs", "1", "--option", "gdas.epochs=1", "--option", "gdas.imagesPerEpoch=32"];
  const words = [...short, "--option", "gdas.batchSize=16"];
  /** Losses of the only epoch, and the record's backend, of a run on a backend. */
  async function searchOn(backend: string, env: Record<string, string> = {}) {
    const output = temporaryFolder();
    const log = path.join(output, "epochs.jsonl");
    const place = ["--output", output, "--log", log, "--backend", backend, "--run-limit", "600"];
    const { exitCode, stderr } = await runCommandLine([...words, ...place], { env });
    expect(exitCode, stderr).toBe(0);
    const { trainLoss, validLoss } = JSON.parse(readFileSync(log, "utf8"));
    return { trainLoss, validLoss, backend: JSON.parse(recordsIn(output, "gdas")).training.backend };
  }

  async function compare(backend: string, env: Record<string, string> = {}): Promise<void> {
    const [fused, other] = [await searchOn("wasm"), await searchOn(backend, env)];
    expect(fused.backend).toBe("wasm");
    expect(other.backend).toBe(backend);
    expect(Math.abs(other.trainLoss - fused.trainLoss)).toBeLessThan(1e-3);
    expect(Math.abs(other.validLoss - fused.validLoss)).toBeLessThan(1e-3);
  }

  test("cpu searches alike, within tolerance, and the record says so", () => compare("cpu"));

  test("tfjs-node, by a stand-in that computes on the cpu backend", () => {
    const modules = temporaryFolder();
    writeNativePackage(modules, "tfjs-node", "standIn");
    return compare("tfjs-node", { NODE_PATH: modules });
  });

  for (const name of ["tfjs-node", "tfjs-node-gpu"] as const) {
    const isMissing = nativePackageFolder(name) === null;
    test.skipIf(isMissing)(`${name} itself${isMissing ? ` (@tensorflow/${name} is not installed)` : ""}`, () =>
      compare(name),
    );
  }
});

test("a log that can't be written is said before anything runs", async () => {
  const file = path.join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const { exitCode, stderr } = await runCommandLine([...GDAS, "--output", temporaryFolder(), "--log", `${file}/log`]);
  expect(exitCode).toBe(4);
  expect(stderr).toContain("NAS_WRITE_FAILED");
});
