import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { EpochLine, EpochLog } from "../../core/cli/epoch-log.ts";
import type { EpochMessage } from "../../core/runner/trainer-messages.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const message = (epoch: number): EpochMessage => ({
  type: "epoch",
  run: { method: "gdas", search: "toy", runIndex: 2, seed: "" },
  progress: { epoch, epochs: 10, architecture: 1462, spentMs: 500 * epoch, figures: { trainLoss: 1.23456, tau: 9 } },
  checkpoint: new Uint8Array(),
});

test("a line of JSON for each epoch, added to what is there", () => {
  const file = path.join(temporaryFolder(), "epochs.jsonl");
  for (const epoch of [1, 2]) {
    const log = new EpochLog(file);
    log.add(message(epoch));
    log.close();
  }
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[1] as string)).toEqual({
    ...{ method: "gdas", search: "toy", runIndex: 2, epoch: 2, epochs: 10, architecture: 1462, spentMs: 1000 },
    cell: "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|",
    ...{ trainLoss: 1.23456, tau: 9 },
  });
});

test("a file that can't be opened is told", () => {
  const file = path.join(temporaryFolder(), "no", "epochs.jsonl");
  expect(harnessErrorOf(() => new EpochLog(file)).code).toBe("NAS_WRITE_FAILED");
});

test("the live line has an estimate from the second epoch on", () => {
  const line = new EpochLine();
  expect(line.text(message(1), 1000)).toBe("gdas run 2: epoch 1/10, trainLoss 1.235, tau 9, cell 1462");
  expect(line.text(message(3), 5000)).toBe(
    "gdas run 2: epoch 3/10, about 14 s left, trainLoss 1.235, tau 9, cell 1462",
  );
});
