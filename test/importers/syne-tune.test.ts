import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { refuseSyneTune } from "../../core/importers/syne-tune/syne-tune-folder.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const METADATA = JSON.stringify({
  objectives_names: ["metric_valid_error", "metric_runtime"],
  task_names: ["cifar10", "cifar100", "ImageNet16-120"],
});

function blackbox(folder: string, metadata: string | null): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "objectives_evaluations.npy"), "");
  writeFileSync(path.join(folder, "hyperparameters.parquet"), "");
  if (metadata !== null) writeFileSync(path.join(folder, "metadata.json"), metadata);
  return folder;
}

test("a blackbox is refused with the reason and what to import instead, also by the folder around it", () => {
  const folder = temporaryFolder();
  const inner = blackbox(path.join(folder, "nasbench201"), METADATA);
  for (const place of [folder, inner]) {
    const { code, details } = harnessErrorOf(() => refuseSyneTune(place));
    expect(code).toBe("NAS_BENCHMARK_FILE");
    expect(details.what).toContain("metric_valid_error is the error on the test images");
    expect(details.where).toBe(`${inner}, objectives metric_valid_error, metric_runtime`);
    expect(details.next).toContain("table import nats-bench");
  }
});

test.each([null, "{", "null", '{"objectives_names": 3}'])("also with metadata %s", (metadata) => {
  const folder = blackbox(temporaryFolder(), metadata);
  expect(harnessErrorOf(() => refuseSyneTune(folder)).details.where).toBe(folder);
});

test("other folders, files and nothing at all are not refused", () => {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, "metadata.json"), METADATA);
  for (const place of [folder, path.join(folder, "metadata.json"), path.join(folder, "none")]) refuseSyneTune(place);
});
