import path from "node:path";
import { expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, RANDOM_SEARCH_SOURCE, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test.each([
  [16, 2],
  [3, 2],
])("%i runs of a method that is kept apart are made by %i processes one after the other", async (runs, count) => {
  const folder = temporaryFolder();
  const source = `process.stderr.write("one more process\\n");\n${RANDOM_SEARCH_SOURCE}`;
  const plugin = writePlugin(path.join(folder, "made-up"), algorithmManifest(), source);
  const { exitCode, stderr } = await runCommandLine([
    ...["run", plugin, "--protocol", "fashion-mnist-8x8", "--runs", String(runs), "--jobs", "1"],
    ...["--isolation", "process", "--output", path.join(folder, "results")],
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(stderr.match(/one more process/g)).toHaveLength(count);
});
