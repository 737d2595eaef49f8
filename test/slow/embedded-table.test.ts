import { expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { auditEmbedded, auditSeed, EMBEDDED_TABLE } from "../helpers/embedded-table.ts";

test(`20 random trials of the embedded table, drawn by ${auditSeed()}, are what they are when trained again`, async () => {
  await auditEmbedded(20);
});

test("its files, ranges and class values are sound", async () => {
  const { exitCode, stdout, stderr } = await runCommandLine(["table", "check", EMBEDDED_TABLE]);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
});
