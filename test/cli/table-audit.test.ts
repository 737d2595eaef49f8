import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TOY_ARCHITECTURES, toyPlan, writeToyDataset } from "../helpers/toy-dataset.ts";
import { assembleToy, buildToy, writeMadeUpTrials } from "../training/build/built-trials.ts";

const folder = sharedTemporaryFolder();
const { parts } = toyPlan();

describe("table audit", () => {
  test("trains trials again and finds them equal, bit for bit; of a table with other values it names every one", async () => {
    const dataset = writeToyDataset(path.join(folder, "toy"));
    const [real, madeUp] = [path.join(folder, "work"), path.join(folder, "made-up-work")];
    await buildToy(real);
    const table = path.join(folder, "table");
    assembleToy(real, table);
    const audit = (place: string) => runCommandLine(["table", "audit", place, "--sample", "4", "--dataset", dataset]);
    const passed = await audit(table);
    expect(passed.exitCode, passed.stderr).toBe(0);
    expect(passed.stderr.match(/^equal /gm)).toHaveLength(4);

    writeMadeUpTrials(madeUp, parts, TOY_ARCHITECTURES);
    assembleToy(madeUp, path.join(folder, "made-up-table"));
    const failed = await audit(path.join(folder, "made-up-table"));
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain("NAS_AUDIT_FAILED: 4 of 4 trials were not reproduced");
    expect(failed.stderr).toMatch(/weights: stored [0-9a-f]{64}, trained again [0-9a-f]{64}/);
  });

  test("refuses a folder that holds no table", async () => {
    const { exitCode, stderr } = await runCommandLine(["table", "audit", path.join(folder, "nowhere")]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("NAS_TABLE_NOT_FOUND");
  });
});
