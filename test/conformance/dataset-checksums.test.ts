import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readUnpacked, sha256Of } from "../../core/training/idx-file.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeToyDataset } from "../helpers/toy-dataset.ts";
import { madeCheck } from "./made-checks.ts";

const NAMES = ["train", "valid", "test"].flatMap((split) => [`${split}-images.idx`, `${split}-labels.idx`]);

/** The toy dataset, which brings IDX files, with their checksums beside them. */
function withChecksums(change: (checksums: Record<string, unknown>) => unknown = (same) => same): string {
  const folder = writeToyDataset(path.join(temporaryFolder(), "toy"), null);
  const checksums = Object.fromEntries(NAMES.map((name) => [name, sha256Of(readUnpacked(path.join(folder, name)))]));
  writeFileSync(path.join(folder, "checksums.json"), JSON.stringify(change(checksums)));
  return folder;
}

const checksums = (folder: string, from: string | null = null) => madeCheck(folder, "checksums", from);

test("files that match pass, plain or gzipped", async () => {
  const folder = withChecksums();
  expect(await checksums(folder)).toMatchObject({ outcome: "passed", reasons: [] });
  const file = path.join(folder, "train-images.idx");
  writeFileSync(`${file}.gz`, gzipSync(readUnpacked(file)));
  rmSync(file);
  expect(await checksums(folder)).toMatchObject({ outcome: "passed", reasons: [] });
});

test("another file, one that is missing and one that can't be unpacked are told, each by name", async () => {
  const folder = withChecksums();
  writeFileSync(path.join(folder, "train-labels.idx"), "other");
  rmSync(path.join(folder, "valid-labels.idx"));
  writeFileSync(path.join(folder, "test-labels.idx"), Uint8Array.of(0x1f, 0x8b, 0));
  const { outcome, reasons } = await checksums(folder);
  expect(outcome).toBe("failed");
  expect(reasons).toHaveLength(3);
  expect(reasons[0]).toMatch(/train-labels\.idx: the SHA-256 of its unpacked content is [0-9a-f]{64} instead of /);
  expect(reasons[1]).toMatch(/^valid-labels\.idx is not there/);
  expect(reasons[2]).toMatch(/^the gzip file is malformed/);
});

test.each<[string, (checksums: Record<string, unknown>) => unknown]>([
  ["a list", Object.keys],
  ["empty", () => ({})],
  ["null", () => null],
  ["of numbers", (own) => ({ ...own, more: 7 })],
  ["of shorter hashes", (own) => ({ ...own, more: "ab12" })],
])("a list of checksums that is %s is none", async (_, change) => {
  const { outcome, reasons } = await checksums(withChecksums(change));
  expect(outcome).toBe("failed");
  expect(reasons).toEqual([expect.stringContaining("is no list of checksums")]);
});

test("a list that is no JSON is a fault, and one below installed packages is not looked at", async () => {
  const folder = writeToyDataset(path.join(temporaryFolder(), "toy"), null);
  expect(await checksums(folder)).toMatchObject({ outcome: "skipped", reasons: ["there is no checksums.json"] });
  mkdirSync(path.join(folder, "node_modules/other"), { recursive: true });
  writeFileSync(path.join(folder, "node_modules/other/checksums.json"), "{");
  expect(await checksums(folder)).toMatchObject({ outcome: "skipped" });
  mkdirSync(path.join(folder, "images"));
  writeFileSync(path.join(folder, "images/checksums.json"), "{");
  const { outcome, reasons } = await checksums(folder);
  expect(outcome).toBe("failed");
  expect(reasons).toEqual([expect.stringContaining("not valid JSON")]);
});

test("files that the user has elsewhere are looked at there", async () => {
  const folder = withChecksums();
  const elsewhere = temporaryFolder();
  for (const name of NAMES) {
    cpSync(path.join(folder, name), path.join(elsewhere, name));
    rmSync(path.join(folder, name));
  }
  expect(await checksums(folder)).toMatchObject({ outcome: "skipped", reasons: [expect.stringContaining("--from")] });
  expect(await checksums(folder, elsewhere)).toMatchObject({ outcome: "passed" });
  writeFileSync(path.join(elsewhere, NAMES[0]!), "other");
  expect(await checksums(folder, elsewhere)).toMatchObject({ outcome: "failed" });
});
