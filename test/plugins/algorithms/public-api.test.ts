import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { resolveOptions } from "../../../core/plugins/options.ts";
import { builtInMethods, builtInPlugins, locateAlgorithm } from "../../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../../core/plugins/plugin-module.ts";
import { needsTraining } from "../../../core/runner/plan.ts";
import { runAlgorithm } from "../../../core/testing-entry.ts";

/** Methods that ask and tell; test/slow/training-methods.test.ts has the others. */
const asking = builtInMethods().filter((name) => !needsTraining(locateAlgorithm(name).manifest));

test.each(builtInPlugins("algorithm"))("%s imports nothing but nas-harness and its own files", (name) => {
  const { folder } = locateAlgorithm(name);
  const sources = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) {
    const text = readFileSync(path.join(folder, source), "utf8");
    for (const [, specifier] of text.matchAll(/from\s+"([^"]+)"/g))
      expect(specifier).toMatch(/^(nas-harness|\.\/[a-z-]+\.ts)$/);
  }
});

test.each(asking)(
  "%s gives the same run for the same seed, another one for another, and keeps nothing between runs",
  async (name) => {
    const plugin = locateAlgorithm(name);
    const algorithm = await loadAlgorithm(plugin);
    const options = resolveOptions(plugin.manifest, { id: "nas-bench-201" });
    const run = (seed: string) =>
      runAlgorithm(algorithm, { accuracy: (architecture) => architecture % 100, options, seed });
    const first = run("a");
    expect(run("b").trace).not.toEqual(first.trace);
    expect(run("a")).toEqual(first);
  },
);

test.each(asking)("%s bears rewards of 0, of 100 and many ties, and tiny budgets", async (name) => {
  const plugin = locateAlgorithm(name);
  const algorithm = await loadAlgorithm(plugin);
  const options = resolveOptions(plugin.manifest, { id: "nas-bench-201" });
  for (const accuracy of [() => 0, () => 100, (architecture: number) => architecture % 2]) {
    for (const limit of [1, 2, 13, 150]) {
      const { failure, trace } = runAlgorithm(algorithm, {
        accuracy,
        options,
        budget: { kind: "evaluations", limit },
      });
      expect(failure?.code ?? "none").toBe("none");
      expect(trace).toHaveLength(limit);
    }
  }
});
