import { spawnSync } from "node:child_process";
import path from "node:path";
import { REPOSITORY } from "./shared-data.ts";

/** The Python with torch and numpy: the one that is called so, or Debian's; null if there is none. */
const python: string | null =
  ["python3", "/usr/bin/python3"].find((name) => spawnSync(name, ["-c", "import numpy, torch"]).status === 0) ?? null;

/** True where some Python can import torch and numpy. */
export const hasTorch: boolean = python !== null;

/** A title that says why a test is skipped, for `test.skipIf(!hasTorch)`. */
export function needsTorch(title: string): string {
  return hasTorch ? title : `${title} (needs the Debian package python3-torch, not found)`;
}

/** An architecture of which a full-form file is made. */
export interface FullFormCell {
  readonly index: number;
  readonly architecture: string;
  /** Recipe ("12" or "200"), official dataset and seed of each training. */
  readonly trials: readonly (readonly [recipe: string, dataset: string, seed: number])[];
}

/** What test/helpers/torch/full_form_files.py writes for these cells. @throws Error if Python fails */
export function writeFullFormFiles(folder: string, images: number, cells: readonly FullFormCell[]): void {
  const script = path.join(REPOSITORY, "test/helpers/torch/full_form_files.py");
  const input = JSON.stringify({ folder, images, cells });
  const { status, stderr } = spawnSync(python ?? "python3", ["-B", script], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
}

/** What a Python script prints to stdout that may import torch and `tiny_network`. @throws Error if it fails */
export function runTorch(script: string, ...words: readonly string[]): string {
  const env = { ...process.env, PYTHONPATH: path.join(REPOSITORY, "test/helpers/torch") };
  const { status, stdout, stderr } = spawnSync(python ?? "python3", ["-B", "-c", script, ...words], {
    encoding: "utf8",
    env,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return stdout;
}
