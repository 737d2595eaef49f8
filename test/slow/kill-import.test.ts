import { existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../core/random/random.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { contentOf, filesBelow } from "../helpers/folder-content.ts";
import { signalAt } from "../helpers/signalled-process.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { madeUpCsv, writeImport } from "../importers/made-up-csv.ts";

const KILLS = 12;

test(`table import csv, killed ${KILLS} times at random moments, leaves a whole table or none`, async () => {
  const folder = temporaryFolder();
  const { csv, mapping } = writeImport(folder, madeUpCsv());
  const importInto = (output: string) => ["table", "import", "csv", csv, "--mapping", mapping, "--output", output];
  const whole = path.join(folder, "whole", "made-up");
  const begun = performance.now();
  const undisturbed = await runCommandLine(importInto(whole));
  const duration = Math.ceil(performance.now() - begun);
  expect(undisturbed.exitCode, undisturbed.stderr).toBe(0);
  const expected = contentOf(whole);

  const random = new Random("6b696c6c656420696d706f7274730000");
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const tables = path.join(folder, `tables-${kill}`);
    mkdirSync(tables);
    const output = path.join(tables, "made-up");
    // Every second time while files are being written: that takes a small part of the time only.
    const writes = kill % 2 === 0;
    let start = performance.now();
    const delay = random.integer(writes ? 40 : duration);
    const moment = () => {
      if (writes && readdirSync(tables).every((name) => !name.startsWith("made-up"))) start = performance.now();
      return performance.now() - start > delay;
    };
    const { exitCode } = await signalAt(importInto(output), "SIGKILL", moment);
    if (exitCode === null) killed++;
    if (existsSync(output)) expect(contentOf(output)).toEqual(expected);
    const again = await runCommandLine([...importInto(output), "--if-missing"]);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(contentOf(output)).toEqual(expected);
    expect(filesBelow(tables).filter((name) => !name.startsWith("made-up/"))).toEqual([]);
  }
  expect(killed).toBeGreaterThan(KILLS / 2);
});
