import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { openConstraints } from "../../core/costs/constraints.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { executeRun } from "../../core/runner/run.ts";
import { phoneLatency, writeGeneratedCosts } from "../helpers/generated-costs.ts";
import { runInputs } from "../helpers/run-inputs.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("the protocol of docs/hardware-costs.md runs as it stands there", async () => {
  const page = readFileSync(path.join(REPOSITORY, "docs/hardware-costs.md"), "utf8");
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = temporaryFolder();
  const file = path.join(folder, "constrained.json");
  writeFileSync(file, example);
  const protocol = loadProtocol(file);
  // The generated costs under the names that the page uses.
  const { id, contentHash } = writeGeneratedCosts(path.join(folder, "costs"), {
    id: "hw-nas-bench",
    columns: (["cifar10", "cifar100", "imagenet16-120"] as const).map((dataset) => ({
      ...{ name: "raspi4-latency", dataset, device: "Made up", quantity: "latency", unit: "ms" },
    })),
  });
  const { bySearch } = openConstraints(protocol, [{ id, contentHash, folder: path.join(folder, "costs") }]);
  const constraints = bySearch.get("cifar10");
  expect(constraints?.recorded).toMatchObject([
    { column: "raspi4-latency", dataset: "cifar10", atMost: 5, unit: "ms" },
  ]);
  for (const name of ["rs", "rea"]) {
    const plugin = locateAlgorithm(name);
    const inputs = { ...runInputs(inject("generatedTable"), protocol, name), constraints: constraints! };
    const options = resolveOptions(plugin.manifest, protocol);
    const { failure, trace } = executeRun(await loadAlgorithm(plugin), { ...inputs, options });
    expect(failure).toBeNull();
    expect(trace.length).toBeGreaterThan(20);
    expect(Math.max(...trace.map(([architecture]) => phoneLatency(architecture)))).toBeLessThanOrEqual(5);
  }
});
