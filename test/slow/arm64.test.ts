import { existsSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { parseRecord } from "../../core/records/record.ts";
import goldenTraining from "../../core/training/self-check/golden-training.json" with { type: "json" };
import { EMBEDDED_TABLE } from "../helpers/embedded-table.ts";
import { installNode } from "../helpers/node-runtime.ts";
import { writePlannedTable } from "../helpers/planned-table.ts";
import { runProcess } from "../helpers/process.ts";
import { findProgram } from "../helpers/program.ts";
import { METHODS } from "../helpers/recorded-runs.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const RUNS = 3;
const SEARCHES = 6;
// The running version, so that nothing but the processor differs.
const VERSION = process.versions.node;
const SCRIPT = path.join(import.meta.dirname, "records-script.ts");

const BIN = path.join(import.meta.dirname, "../../core/cli/bin.js");
const TRAINING = path.join(import.meta.dirname, "../training/tiny-training.ts");

const LIBRARIES = "/usr/aarch64-linux-gnu";
const emulator = findProgram("qemu-aarch64") ?? findProgram("qemu-aarch64-static");
/** What has to be there, by the Debian package that provides it. */
const needed: Readonly<Record<string, boolean>> = {
  "qemu-user": emulator !== null,
  "libc6-arm64-cross": existsSync(path.join(LIBRARIES, "lib/libc.so.6")),
  "libstdc++6-arm64-cross": existsSync(path.join(LIBRARIES, "lib/libstdc++.so.6")),
  "libgcc-s1-arm64-cross": existsSync(path.join(LIBRARIES, "lib/libgcc_s.so.1")),
};
const native = process.platform === "linux" && process.arch === "arm64";
const lacking = native ? [] : Object.keys(needed).filter((name) => needed[name] === false);
const remark = lacking.length === 0 ? "" : ` (needs the Debian packages ${lacking.join(", ")}, not found)`;

let binary = "";
beforeAll(async () => {
  if (lacking.length === 0) binary = await installNode(sharedTemporaryFolder(), VERSION, "linux-arm64");
});

/** Runs a script on an arm64 processor. */
function onArm64(words: readonly string[]): ReturnType<typeof runProcess> {
  return native ? runProcess(binary, words) : runProcess(emulator as string, ["-L", LIBRARIES, binary, ...words]);
}

test.skipIf(lacking.length > 0)(`arm64 gives the same records as this machine${remark}`, async () => {
  const planned = path.join(temporaryFolder(), "planned");
  writePlannedTable(planned);
  const words = [SCRIPT, `${RUNS}`, inject("generatedTable"), planned];
  const own = await runProcess(process.execPath, words);
  const emulated = await onArm64(words);
  expect(own.exitCode, own.stderr).toBe(0);
  expect(emulated.exitCode, emulated.stderr).toBe(0);
  expect(emulated.stderr).toContain(`Node.js v${VERSION} on arm64`);
  const lines = own.stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(METHODS.length * SEARCHES * RUNS);
  for (const [at, line] of lines.entries()) expect(parseRecord(line, `line ${at + 1}`).failure).toBeNull();
  expect(emulated.stdout === own.stdout, "records differ between processors").toBe(true);
});

test.skipIf(lacking.length > 0)(`arm64 trains to the golden losses and weights, bit for bit${remark}`, async () => {
  const { exitCode, stdout, stderr } = await onArm64([TRAINING]);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual(goldenTraining);
});

test.skipIf(lacking.length > 0)(`arm64 trains a trial of the embedded table to the same bits${remark}`, async () => {
  const words = ["train", "11472", "--recipe", "short", "--seed", "2", "--check", EMBEDDED_TABLE];
  const { exitCode, stdout, stderr } = await onArm64([BIN, ...words]);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  expect(stderr).toContain(`equal to the trial of ${EMBEDDED_TABLE}, bit for bit`);
});
