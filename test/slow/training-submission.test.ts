import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { readSummary } from "../../core/statistics/summary-file.ts";
import { shippedBenchmarks } from "../../core/submissions/shipped-benchmarks.ts";
import { readSubmission } from "../../core/submissions/submission-file.ts";
import { formatSubmittedRun, readSubmittedRuns } from "../../core/submissions/submitted-run.ts";
import { CheckList } from "../../core/verify/check-list.ts";
import { statisticsFaults } from "../../core/verify/statistics-check.ts";
import type { ReadAlgorithmSubmission, VerifyOptions } from "../../core/verify/subject.ts";
import { SubmittedMethod } from "../../core/verify/submitted-method.ts";
import { benchmarkNamed } from "../../core/verify/submitted-plan.ts";
import { summarizeSubmitted } from "../../core/verify/submitted-statistics.ts";
import { findTrainings } from "../../core/verify/training-reruns.ts";
import { drawnRun } from "../../core/verify/whole-run.ts";
import type { SubmittedRun, SubmittedTraining } from "../../schemas/generated/submitted-run.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { runCommandLine } from "../helpers/command-line.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { verifyStrictly } from "../helpers/verified.ts";

const NAME = "quick-trainer";

/** A method that trains for seconds. */
const SOURCE = `import { defineAlgorithm } from "nas-harness";
export default defineAlgorithm({
  train: ({ space, random, training }) => {
    const supernet = training.supernet({ channels: 8, cellsPerStage: 1, affine: false, batchStatistics: true });
    let architecture = 0;
    return {
      epochs: 2,
      trainEpoch() {
        architecture = space.sample(random);
        const step = { learningRate: 0.05, momentum: 0.9, weightDecay: 0, clipNorm: null };
        const { loss } = supernet.step({ kind: "path", architecture }, training.images.train.next(64, true), step);
        return { architecture, parameters: [], figures: { loss } };
      },
      answer: () => architecture,
      save: () => architecture,
      restore: (saved) => { architecture = saved; },
    };
  },
});
`;

/** A base commit from which the run at this position is drawn. */
function baseDrawing(position: number): string {
  for (let at = 0; ; at++) {
    const base = at.toString(16).padStart(40, "0");
    if (drawnRun(base, NAME, 3) === position) return base;
  }
}

type Shown = SubmittedTraining;
const hashes = ({ firstEpoch }: Shown) => firstEpoch as NonNullable<Shown["firstEpoch"]>;
const otherDigit = (text: string) => (text.startsWith("0") ? `1${text.slice(1)}` : `0${text.slice(1)}`);

describe.skipIf(!hasBubblewrap)(needsBubblewrap("a method that trains"), () => {
  const work = sharedTemporaryFolder();
  const root = path.join(work, "submissions");
  let folder = "";
  let plugin = "";

  beforeAll(async () => {
    const manifest = algorithmManifest({ name: NAME, needs: ["training"] });
    plugin = writePlugin(path.join(work, NAME), manifest, SOURCE);
    const submitted = await runCommandLine([
      ...["submit", plugin, "--submissions", root, "--isolation", "strict"],
      ...["--results", path.join(work, "results"), "--json"],
    ]);
    expect(submitted.exitCode, submitted.stderr).toBe(0);
    folder = JSON.parse(submitted.stdout).folder;
  });

  /** The submission with changed runs, as verification holds it once the plugin can be started. */
  function methodWith(change: (runs: SubmittedRun[]) => void, base = baseDrawing(0)): SubmittedMethod {
    const submission = readSubmission(folder) as ReadAlgorithmSubmission["submission"];
    const runs = readSubmittedRuns(folder);
    change(runs);
    const options: VerifyOptions = {
      ...{ folder, root, base, isolation: "box", memoryLimitMb: 1024, runLimitSeconds: 300, jobs: 2 },
      ...{ auditedTrials: 1, work: temporaryFolder() },
    };
    const benchmark = benchmarkNamed(submission, shippedBenchmarks(root));
    if (benchmark === null) throw new Error("the benchmark does not ship");
    const method = new SubmittedMethod(
      new CheckList(),
      options,
      { submission, runs, summary: readSummary(folder) },
      benchmark,
    );
    method.underTest = {
      plugin: locateAlgorithm(plugin),
      options: submission.options,
      guest: { enclosure: "box", memoryLimitMb: 1024 },
    };
    return method;
  }

  const found = async (change: (runs: SubmittedRun[]) => void, base?: string) => {
    const finding = await findTrainings(methodWith(change, base));
    if ("skipped" in finding) throw new Error(finding.skipped);
    return finding;
  };

  test("is submitted with the hashes of its first epochs, and verified in a box with one whole run", async () => {
    const runs = readSubmittedRuns(folder);
    expect(runs).toHaveLength(3);
    for (const { training } of runs) {
      expect(training?.epochs).toHaveLength(2);
      expect(training?.firstEpoch?.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    }
    const verified = await verifyStrictly(folder, root);
    expect(verified.failed, verified.stderr).toEqual([]);
    for (const name of ["seeds", "reruns", "budget", "statistics", "hidden-randomness", "conduct", "duplicates"]) {
      expect(verified.outcome(name), name).toBe("passed");
    }
    for (const name of ["fresh-seeds", "relabelling"]) {
      expect(verified.outcome(name), name).toBe("skipped");
    }
    expect(verified.reasons("reruns")).toMatch(
      /^the first epoch of 3 runs was made again\nrun fashion-mnist-8x8\/[012], drawn from the base commit, was made again in full$/,
    );
  });

  test("whose files show another first epoch is not verified; --every-run makes all runs and finds it too", async () => {
    const file = path.join(folder, "runs.jsonl");
    const text = readFileSync(file, "utf8");
    const runs = readSubmittedRuns(folder);
    (runs[2]?.training?.epochs[0] as [number, number])[1] += 1;
    writeFileSync(file, runs.map(formatSubmittedRun).join(""));
    try {
      const verified = await verifyStrictly(folder, root, ["--every-run"]);
      expect(verified.failed).toContain("reruns");
      expect(verified.reasons("reruns")).toBe(
        "run fashion-mnist-8x8/2: its digest is right, but what is shown of it is not what its record holds",
      );
    } finally {
      writeFileSync(file, text);
    }
  });

  test("every tampering with a first epoch, or with the length of a trace, is told at once", async () => {
    const { faults, remarks } = await found((runs) => {
      const [first, second, third] = runs.map(({ training }) => training) as [Shown, Shown, Shown];
      first.firstEpoch = { ...hashes(first), weightsSha256: otherDigit(hashes(first).weightsSha256) };
      second.epochs.pop();
      delete third.firstEpoch;
    });
    expect(faults).toEqual([
      expect.stringMatching(/^run fashion-mnist-8x8\/0: after its first epoch the weights have the hash /),
      "run fashion-mnist-8x8/1: 1 epochs were submitted, the method trains 2",
      "run fashion-mnist-8x8/2: no hashes of its first epoch are shown",
    ]);
    expect(remarks?.at(-1)).toBe("no run was made again in full: it would begin as these");
  });

  test("whose runs were swapped, seeds apart, is found out by their first epochs", async () => {
    const { faults } = await found((runs) => {
      const [first, second] = runs as [SubmittedRun, SubmittedRun];
      const { runIndex, seed } = first;
      runs[0] = { ...second, runIndex, seed };
      runs[1] = { ...first, runIndex: second.runIndex, seed: second.seed };
    });
    expect(faults.filter((fault) => fault.startsWith("run fashion-mnist-8x8/0: "))).not.toEqual([]);
    expect(faults.filter((fault) => fault.startsWith("run fashion-mnist-8x8/1: "))).not.toEqual([]);
    expect(faults.filter((fault) => fault.startsWith("run fashion-mnist-8x8/2: "))).toEqual([]);
  });

  test("whose later epochs were changed is found out if that run is drawn, and only then", async () => {
    const change = (runs: SubmittedRun[]) => {
      const last = runs[1]?.training?.epochs[1] as [number, number];
      last[0] = last[0] === 5 ? 6 : 5;
    };
    const drawn = await found(change, baseDrawing(1));
    expect(drawn.faults).toEqual([
      "run fashion-mnist-8x8/1: its digest is right, but what is shown of it is not what its record holds",
    ]);
    const other = await found(change, baseDrawing(2));
    expect(other.faults).toEqual([]);
    expect(other.remarks?.at(-1)).toBe("run fashion-mnist-8x8/2, drawn from the base commit, was made again in full");
  });

  test("has the statistics that its answers give, whatever its summary says", async () => {
    const method = methodWith(() => {});
    expect(statisticsFaults(method.read.summary, await summarizeSubmitted(method))).toEqual([]);
    const better = methodWith((runs) => {
      runs[0]!.answers = [{ architecture: 12_000, weight: 1 }];
    });
    expect(statisticsFaults(better.read.summary, await summarizeSubmitted(better))).toEqual([
      expect.stringMatching(/^search fashion-mnist-8x8, columns: submitted /),
    ]);
  });
});
