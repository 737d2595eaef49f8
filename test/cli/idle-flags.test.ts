import path from "node:path";
import { expect, test } from "vitest";
import { idleFlagsRemark } from "../../core/cli/idle-flags.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const manifests = (...names: string[]) => names.map((name) => locateAlgorithm(name).manifest);
const wasm = { backend: "wasm" };

test.each([
  [["rs"], { ...wasm, log: "x" }, "note: --log is for methods that train; rs does not, so it has no effect"],
  [["rs"], { backend: "cpu" }, "note: --backend cpu is for methods that train; rs does not, so it has no effect"],
  [
    ["rs", "rea", "bohb"],
    { backend: "tfjs-node", log: "x", from: "y" },
    "note: --log, --from and --backend tfjs-node are for methods that train; rs, rea and bohb do not, so they have no effect",
  ],
  [["rs"], wasm, null],
  [["gdas"], { backend: "cpu", log: "x", from: "y" }, null],
  // The log is the other one's.
  [["rs", "gdas"], { ...wasm, log: "x" }, null],
])("%j with %j", (names, flags, remark) => {
  expect(idleFlagsRemark(manifests(...names), flags)).toBe(remark);
});

test("run says it once, on stderr, and runs", async () => {
  const cwd = temporaryFolder();
  const words = ["run", "rs", "--runs", "1", "--jobs", "1", "--log", "epochs.jsonl", "--backend", "cpu", "--json"];
  const { exitCode, stdout, stderr } = await runCommandLine([...words, "--output", path.join(cwd, "out")], { cwd });
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout).rows).toHaveLength(1);
  expect(stderr.match(/^note: .*$/gm)).toEqual([
    "note: --log and --backend cpu are for methods that train; rs does not, so they have no effect",
  ]);
});
