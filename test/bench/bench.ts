/**
 * `npm run bench`: what the harness costs, each figure beside a plain baseline measured in the same run. It fails on ratios
 * only, because absolute times depend on the machine.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { columns } from "../../core/cli/terminal.ts";
import { defineAlgorithm, propose } from "../../core/plugins/algorithm.ts";
import { HookTable } from "../../core/plugins/hooks.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { Random } from "../../core/random/random.ts";
import { makeRecord } from "../../core/records/record.ts";
import { openTableForProtocol, recordTable } from "../../core/records/session.ts";
import { buildEvaluationTable } from "../../core/runner/evaluation-table.ts";
import { planRuns } from "../../core/runner/plan.ts";
import { executeRun } from "../../core/runner/run.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import type { ProtocolSearch } from "../../schemas/generated/protocol.ts";
import { guestFigures } from "./guest-bench.ts";
import { type Figure, median, milliseconds, sideBySide } from "./measure.ts";
import { measuredAlone } from "./measured-alone.ts";
import { measureRunMemory } from "./memory.ts";
import type { SupernetFigures } from "./supernet-bench.ts";
import { trainingFigures } from "./training-bench.ts";

const METHODS = ["rs", "rea", "reinforce", "bohb"];
const LARGEST_MEMORY_MB = 250;
const temporary = mkdtempSync(path.join(os.tmpdir(), "nas-harness-bench-"));
const protocol = loadProtocol("nas-bench-201-mean");
const [search] = protocol.searches as [ProtocolSearch];

function tableFolder(): { folder: string; kind: string } {
  try {
    const { folder, card } = openTableForProtocol(protocol, undefined);
    return { folder, kind: `${card.id} ${card.version}` };
  } catch {
    const folder = path.join(temporary, "generated");
    // By another process: making a table takes more memory than using one, and this one's memory is measured.
    const helper = JSON.stringify(pathToFileURL(path.join(import.meta.dirname, "../helpers/generated-table.ts")).href);
    const program = `import { writeGeneratedTable } from ${helper}; writeGeneratedTable(process.argv[1]);`;
    execFileSync(process.execPath, ["--input-type=module", "--eval", program, folder]);
    return { folder, kind: "a generated table (no real one was found)" };
  }
}

const { folder, kind } = tableFolder();
const view = openSearchView(folder);
const table = buildEvaluationTable(view, search);
const accuracies = [...(table.accuracy.get(12) as Int32Array)];
const byArchitecture = new Map(accuracies.map((accuracy, architecture) => [architecture, accuracy]));
const hooks = new HookTable();

/** Looks up that many random architectures in a JavaScript Map and keeps the best: search without a harness. */
function bareLoop(evaluations: number, seed: string): number {
  const random = new Random(seed);
  let best = 0;
  for (let at = 0; at < evaluations; at++) best = Math.max(best, byArchitecture.get(random.integer(15_625)) ?? 0);
  return best;
}

function openingFigure(): Figure {
  const json = path.join(temporary, "accuracies.json");
  writeFileSync(json, JSON.stringify(accuracies));
  const [value, baseline] = sideBySide(
    () => openSearchView(folder).trials("cifar10-valid", "12-epochs").mean(1462, "validAccuracy", 12),
    () => new Map((JSON.parse(readFileSync(json, "utf8")) as number[]).map((accuracy, at) => [at, accuracy])).get(1462),
    9,
  );
  const baselineName = "reading one column as JSON into a Map";
  return {
    name: "open the table, first query",
    value,
    unit: "ms",
    baseline,
    baselineName,
    ratio: value / baseline,
    largestRatio: 20,
  };
}

function evaluationFigure(): Figure {
  // Many runs, as in a real plan: a single run of a million evaluations would measure its trace's memory.
  const runs = 100;
  const evaluations = 10_000;
  const randomSearch = defineAlgorithm({
    create: ({ space, random, budget, maxEpochs }) => ({
      ask: () => (budget.affords(maxEpochs) ? propose(space.sample(random), maxEpochs) : null),
      tell: () => {},
    }),
  });
  const unlimited: ProtocolSearch = {
    ...search,
    budget: { kind: "evaluations", limit: evaluations, crossing: "reject" },
  };
  const [run] = planRuns(protocol, ["rs"], 1);
  if (run === undefined) throw new Error("an empty plan");
  const name = { protocol: protocol.id, search: search.id, method: "rs", runIndex: 0 };
  const [time, bareTime] = sideBySide(
    () => {
      const inputs = { run: name, seed: run.seed, search: unlimited, table, options: {}, hooks };
      for (let at = 0; at < runs; at++) executeRun(randomSearch, inputs);
    },
    () => bareLoop(runs * evaluations, run.seed),
  );
  const total = (runs * evaluations) / 1000;
  const [value, baseline] = [total / time, total / bareTime];
  const baselineName = "a bare loop over a Map";
  return {
    name: "random search, evaluations",
    value,
    unit: "million/s",
    baseline,
    baselineName,
    ratio: baseline / value,
    largestRatio: 12,
  };
}

async function methodsFigure(): Promise<Figure> {
  const methods = await Promise.all(
    METHODS.map(async (name) => {
      const plugin = locateAlgorithm(name);
      const options = resolveOptions(plugin.manifest, protocol);
      return { name, algorithm: await loadAlgorithm(plugin), options, version: plugin.manifest.version };
    }),
  );
  let evaluations = 0;
  const runAll = () => {
    evaluations = 0;
    for (const { name, algorithm, options, version } of methods) {
      const head = { protocol, table: recordTable(view), method: { id: name, version }, options };
      for (const run of planRuns(protocol, [name], 500)) {
        const inputs = { run: { ...run, protocol: protocol.id }, seed: run.seed, search, table, options, hooks };
        const outcome = executeRun(algorithm, inputs);
        evaluations += makeRecord(head, run, outcome).trace.length;
      }
    }
  };
  const value = milliseconds(runAll, 3) / 1000;
  const baseline = milliseconds(() => bareLoop(evaluations, "0123456789abcdef0123456789abcdef"), 3) / 1000;
  const baselineName = "as many look-ups in a bare loop over a Map";
  return {
    name: "four methods x 500 runs, with digests",
    value,
    unit: "s",
    baseline,
    baselineName,
    ratio: value / baseline,
    largestRatio: 400,
  };
}

function processMilliseconds(words: readonly string[]): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    spawnSync(process.execPath, words, { stdio: "ignore" });
    return performance.now() - start;
  });
  return median(times);
}

function helpFigure(): Figure {
  const bin = path.join(import.meta.dirname, "../../core/cli/bin.js");
  const [value, baseline] = [processMilliseconds([bin, "--help"]), processMilliseconds(["-e", "0"])];
  return {
    name: "nas-harness --help",
    value,
    unit: "ms",
    baseline,
    baselineName: "node -e 0",
    ratio: value / baseline,
    largestRatio: 6,
  };
}

const firstFigures = [openingFigure(), await methodsFigure()];
// Here, because up to now the process has done what a worker does: open a table and run methods.
const memory = process.resourceUsage().maxRSS / 1024;
const figures = [...firstFigures, evaluationFigure(), helpFigure()];
const runMemory = measureRunMemory(METHODS, temporary);
rmSync(temporary, { recursive: true, force: true });
const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
const rows = figures.map((figure) => [
  figure.name,
  `${number(figure.value)} ${figure.unit}`,
  `${number(figure.baseline)} ${figure.unit}`,
  number(figure.ratio),
  String(figure.largestRatio),
  figure.ratio <= figure.largestRatio ? "ok" : "TOO SLOW",
  figure.baselineName,
]);
process.stdout.write(
  `Node ${process.versions.node}, ${process.arch}, one process; table: ${kind}\n${columns([
    ["figure", "measured", "baseline", "cost ratio", "at most", "", "the baseline is"],
    ...rows,
  ])}\nlargest memory of a process that runs the four methods: ${memory.toFixed(0)} MB (at most ${LARGEST_MEMORY_MB})\nlargest memory of nas-harness run itself, four methods x 500 runs x three searches under nats-bench: ${runMemory.toFixed(0)} MB (at most ${LARGEST_MEMORY_MB})\n`,
);
const guests = await guestFigures(protocol, table);
process.stdout.write(
  `\nask and tell through a process of its own, round trips\n${columns([
    ["method", "25 runs at once", "one run at a time", "times as fast", "at least", ""],
    ...guests.map(({ name, interleaved, single, ratio, smallestRatio }) => [
      name,
      `${number(interleaved)} /s`,
      `${number(single)} /s`,
      number(ratio),
      String(smallestRatio),
      ratio >= smallestRatio ? "ok" : "TOO SLOW",
    ]),
  ])}\n`,
);
const trainings = trainingFigures();
process.stdout.write(
  `\ntraining on 8x8x1 images, batch 64, one core: forward, backward and step\n${columns([
    ["network", "fused kernels", "stock wasm backend", "times as fast", "at least", ""],
    ...trainings.map(({ name, fused, stock, ratio, smallestRatio }) => [
      name,
      `${number(fused)} images/s`,
      `${number(stock)} images/s`,
      number(ratio),
      String(smallestRatio),
      ratio >= smallestRatio ? "ok" : "TOO SLOW",
    ]),
  ])}\n`,
);
// A program, not an import: what it loads would count in the memory that is measured above.
const supernetProgram = path.join(import.meta.dirname, "supernet-bench.ts");
const { figures: searches, search: darts } = measuredAlone<SupernetFigures>(supernetProgram);
const minutes = (seconds: number) => (seconds / 60).toFixed(1);
process.stdout.write(
  `\nsteps of methods that train, supernet of the embedded benchmark's size, 8x8x1 images, batch 64, one core\n${columns(
    [
      ["step", "fused kernels", "stock wasm operations", "times as fast", "at least", ""],
      ...searches.map(({ name, fused, stock, ratio, smallestRatio }) => [
        name,
        `${number(fused)} /s`,
        `${number(stock)} /s`,
        number(ratio),
        smallestRatio === null ? "" : String(smallestRatio),
        smallestRatio === null ? "" : ratio >= smallestRatio ? "ok" : "TOO SLOW",
      ]),
    ],
  )}\nby these steps a whole DARTS-V1 search under fashion-mnist-8x8 (${darts.epochs} epochs of ${darts.stepsPerEpoch} steps, C=${darts.channels}) takes ${minutes(darts.fused)} min of one core, ${minutes(darts.stock)} min by stock operations\n`,
);
const isTooSlow =
  figures.some((figure) => figure.ratio > figure.largestRatio) ||
  [...trainings, ...guests, ...searches].some(({ ratio, smallestRatio }) => ratio < (smallestRatio ?? 0));
if (isTooSlow || Math.max(memory, runMemory) > LARGEST_MEMORY_MB) process.exitCode = 1;
