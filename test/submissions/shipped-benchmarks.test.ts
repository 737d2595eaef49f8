import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { FileContent } from "../../core/files/atomic-file.ts";
import { locateDataset } from "../../core/plugins/dataset-splits.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { formatInputs, sessionInputs } from "../../core/records/session-inputs.ts";
import { algorithmSubmission } from "../../core/submissions/algorithm-submission.ts";
import { benchmarkOf, requireShipped, shippedBenchmarks } from "../../core/submissions/shipped-benchmarks.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { SHIPPED, writeShippedBenchmark } from "../helpers/shipped-benchmark.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleSummary } from "../verify/example-submission.ts";

const work = sharedTemporaryFolder();
const root = path.join(work, "submissions");

beforeAll(() => {
  writeShippedBenchmark(root, work);
});

describe("benchmarks under which methods can be submitted", () => {
  test("are those of datasets that were handed in with their tables", () => {
    const { protocol, tableFolder } = requireShipped(SHIPPED, root);
    expect([protocol.id, protocol.runs]).toEqual([SHIPPED, 30]);
    expect(tableFolder).toBe(path.join(root, SHIPPED, "1.0.0/plugin/table"));
    expect(shippedBenchmarks(root).map((one) => one.protocol.id)).toContain(SHIPPED);
    expect(shippedBenchmarks(path.join(work, "gone")).map((one) => one.protocol.id)).not.toContain(SHIPPED);
  });

  test("are found by the protocol's file too, if its content is the same", () => {
    const file = path.join(work, SHIPPED, "protocol.json");
    expect(requireShipped(file, root).protocol.id).toBe(SHIPPED);
    const changed = path.join(temporaryFolder(), "protocol.json");
    writeFileSync(changed, JSON.stringify({ ...loadProtocol(file), runs: 31 }));
    expect(harnessErrorOf(() => requireShipped(changed, root)).code).toBe("NAS_SUBMISSION");
  });

  test("a protocol whose table does not ship is refused, and told which ones do", () => {
    const error = harnessErrorOf(() => requireShipped("nas-bench-201", root));
    expect(error.code).toBe("NAS_SUBMISSION");
    expect(error.details.what).toContain("nobody else could verify runs on it");
    expect(error.details.allowed).toContain(SHIPPED);
    expect(error.details.next).toContain("nas-harness run and leaderboard");
  });

  test("need a table that is there", () => {
    const plugin = locateDataset(path.join(work, SHIPPED));
    expect(benchmarkOf(plugin)?.protocol.id).toBe(SHIPPED);
    const { table: _, ...manifest } = plugin.manifest;
    expect(benchmarkOf({ ...plugin, manifest })).toBeNull();
    expect(benchmarkOf({ ...plugin, manifest: { ...plugin.manifest, table: "elsewhere" } })).toBeNull();
  });
});

describe("a method's submission", () => {
  const protocol = { ...loadProtocol("nas-bench-201"), runs: 2 };
  const variants = [{ name: "made-up-large", title: "Large", description: "Large.", options: { size: 100 } }];

  /** Results of the plan as far as `run.json` tells. */
  function resultsOf(
    runs: number,
    { shard = null as null | { index: number; count: number }, extensions = [] as string[] } = {},
  ) {
    const folder = temporaryFolder();
    const from = writePlugin(path.join(folder, "made-up"), algorithmManifest({ variants, priors: ["edges"] }));
    const plugin = locateAlgorithm(`${from}#made-up-large`);
    const table = { id: "generated", version: "1.0.0", searchContentHash: "0".repeat(64) };
    const inputs = sessionInputs(protocol, table, plugin, { size: 100 }, runs, extensions);
    const results = path.join(folder, "results");
    mkdirSync(results);
    writeFileSync(path.join(results, "run.json"), formatInputs(inputs, protocol, shard));
    writeFileSync(path.join(results, "summary.json"), JSON.stringify(exampleSummary()));
    writeFileSync(path.join(results, "records.jsonl"), "");
    return { plugin, variant: "made-up-large", protocol, results, isolation: "box" as const };
  }

  test("of a variant names the variant, and has the whole plugin", () => {
    const files: Map<string, FileContent> = algorithmSubmission(resultsOf(2));
    expect([...files.keys()]).toEqual([
      ...["submission.json", "runs.jsonl", "summary.json"],
      ...["index.ts", "plugin.json"].map((name) => path.join("plugin", name)),
    ]);
    const submission = JSON.parse(String(files.get("submission.json")));
    expect(submission.method).toEqual({ id: "made-up-large", version: "1.0.0", title: "Large" });
    expect(submission.plugin.variant).toBe("made-up-large");
    expect(submission).toMatchObject({ options: { size: 100 }, priors: ["edges"], runs: 2, isolation: "box" });
  });

  test.each([
    ["fewer runs", () => resultsOf(1), /these are 1 runs of each search/],
    ["a shard", () => resultsOf(2, { shard: { index: 1, count: 2 } }), /shard 1\/2/],
    ["no results", () => ({ ...resultsOf(2), results: temporaryFolder() }), /there are no results/],
    [
      "extensions",
      () => {
        const file = path.join(temporaryFolder(), "x.mjs");
        writeFileSync(file, "");
        return resultsOf(2, { extensions: [file] });
      },
      /made with extensions/,
    ],
  ])("of %s is refused", (_, make, what) => {
    const made = make();
    const error = harnessErrorOf(() => algorithmSubmission(made));
    expect(error.code).toBe("NAS_SUBMISSION");
    expect(error.details.what).toMatch(what);
    expect(error.details.where).toBe(made.results);
  });
});
