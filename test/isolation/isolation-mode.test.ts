import path from "node:path";
import { expect, test } from "vitest";
import { whyNoBox } from "../../core/isolation/bubblewrap.ts";
import { ISOLATION_MODES, isolationOf } from "../../core/isolation/isolation-mode.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { runProcess } from "../helpers/process.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const MEMORY_MB = 300;

const nodePlugin = () => locateAlgorithm(writePlugin(path.join(temporaryFolder(), "made-up")));

function programPlugin() {
  const manifest = algorithmManifest({ entry: undefined, runtime: "process", command: ["./search"] });
  return locateAlgorithm(writePlugin(path.join(temporaryFolder(), "made-up"), manifest, null));
}

const plugins = [
  ["a Node plugin", nodePlugin],
  ["a program", programPlugin],
] as const;

test.each(ISOLATION_MODES)("a built-in method runs inside the workers, also with %s", (mode) => {
  for (const name of ["rea", "bohb-multi-fidelity"]) {
    expect(isolationOf(locateAlgorithm(name), mode, MEMORY_MB)).toEqual({ guest: null, remark: null });
  }
});

test.each(plugins)("%s gets a process of its own with process", (_, plugin) => {
  const guest = { enclosure: "process", memoryLimitMb: MEMORY_MB };
  expect(isolationOf(plugin(), "process", MEMORY_MB)).toEqual({ guest, remark: null });
});

test.skipIf(!hasBubblewrap).each(plugins)(needsBubblewrap("%s gets a box with auto and with strict"), (_, plugin) => {
  const guest = { enclosure: "box", memoryLimitMb: MEMORY_MB };
  for (const mode of ["auto", "strict"] as const) {
    expect(isolationOf(plugin(), mode, MEMORY_MB)).toEqual({ guest, remark: null });
  }
});

test("a box is to be had here exactly if bubblewrap makes one", () => {
  expect(whyNoBox() === null).toBe(hasBubblewrap);
});

test("a Node plugin runs inside the workers with none", () => {
  expect(isolationOf(nodePlugin(), "none", MEMORY_MB)).toEqual({ guest: null, remark: null });
});

test("a program can't run inside the workers", () => {
  const { code, details } = harnessErrorOf(() => isolationOf(programPlugin(), "none", MEMORY_MB));
  expect(code).toBe("NAS_PLUGIN_CAPABILITY");
  expect(details.what).toContain("made-up is a program of its own");
  expect(details.next).toContain("--isolation none");
});

// A process of its own, since what was found out about bubblewrap is remembered.
test("without bubblewrap, strict refuses and auto goes on without a box and says so", async () => {
  const { folder } = nodePlugin();
  const core = path.join(REPOSITORY, "core");
  const script = `
    import { isolationOf } from ${JSON.stringify(path.join(core, "isolation/isolation-mode.ts"))};
    import { locateAlgorithm } from ${JSON.stringify(path.join(core, "plugins/plugin-location.ts"))};
    const plugin = locateAlgorithm(${JSON.stringify(folder)});
    const auto = isolationOf(plugin, "auto", ${MEMORY_MB});
    let error = null;
    try { isolationOf(plugin, "strict", ${MEMORY_MB}); } catch ({ code, details }) { error = { code, ...details }; }
    console.log(JSON.stringify({ auto, error }));`;
  const env = { PATH: temporaryFolder() };
  const { stdout, stderr } = await runProcess(process.execPath, ["--input-type=module", "--eval", script], { env });
  expect(stdout, stderr).not.toBe("");
  const { auto, error } = JSON.parse(stdout);
  expect(auto.guest).toEqual({ enclosure: "process", memoryLimitMb: MEMORY_MB });
  expect(auto.remark).toMatch(
    /^made-up runs .*not in a box: the program bwrap is not installed \(docs\/isolation\.md\)$/,
  );
  expect(error).toMatchObject({ code: "NAS_ISOLATION", where: "--isolation strict" });
  expect(error.what).toBe("made-up can't be kept in a box here: the program bwrap is not installed");
  expect(error.next).toContain("--isolation auto");
});
