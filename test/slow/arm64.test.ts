import { existsSync } from "node:fs";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { parseRecord } from "../../core/records/record.ts";
import { installNode } from "../helpers/node-runtime.ts";
import { runProcess } from "../helpers/process.ts";
import { findProgram } from "../helpers/program.ts";
import { METHODS } from "../helpers/recorded-runs.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const RUNS = 3;
const SEARCHES = 5;
// The running version, so that nothing but the processor differs.
const VERSION = process.versions.node;
const SCRIPT = path.join(import.meta.dirname, "records-script.ts");

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

test.skipIf(lacking.length > 0)(`arm64 gives the same records as this machine${remark}`, async () => {
  const binary = await installNode(temporaryFolder(), VERSION, "linux-arm64");
  const words = [SCRIPT, inject("generatedTable"), `${RUNS}`];
  const own = await runProcess(process.execPath, words);
  const emulated = native
    ? await runProcess(binary, words)
    : await runProcess(emulator as string, ["-L", LIBRARIES, binary, ...words]);
  expect(own.exitCode, own.stderr).toBe(0);
  expect(emulated.exitCode, emulated.stderr).toBe(0);
  expect(emulated.stderr).toContain(`Node.js v${VERSION} on arm64`);
  const lines = own.stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(METHODS.length * SEARCHES * RUNS);
  for (const [at, line] of lines.entries()) expect(parseRecord(line, `line ${at + 1}`).failure).toBeNull();
  expect(emulated.stdout === own.stdout, "records differ between processors").toBe(true);
});
