import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { Algorithm } from "../../core/plugins/algorithm.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { runTraining } from "../../core/testing-entry.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("the example of docs/training-methods.md trains and answers", async () => {
  const page = readFileSync(path.join(import.meta.dirname, "../../docs/training-methods.md"), "utf8");
  const [, source = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "index.ts"), source.replace('"nas-harness"', JSON.stringify(entry())));
  const algorithm: Algorithm = await loadAlgorithm({ folder, manifest: { name: "example", entry: "index.ts" } });
  const options = { epochs: 2, batchSize: 32, channels: 8, cellsPerStage: 1, affine: false, batchStatistics: true };
  const { failure, training, answers } = await runTraining(algorithm, { options });
  expect(failure).toBeNull();
  expect(training?.epochs).toHaveLength(2);
  expect(answers).toHaveLength(1);
});

/** vitest does not know what plugins import. */
function entry(): string {
  return pathToFileURL(path.join(import.meta.dirname, "../../core/public-entry.ts")).href;
}
