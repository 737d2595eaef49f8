import path from "node:path";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { runSummary } from "../../schemas/generated/validators.cjs";
import { checkConformance } from "../conformance/conformance.ts";
import { readDocument } from "../files/json-file.ts";
import { readManifest } from "../plugins/manifest.ts";
import { resolveOptions } from "../plugins/options.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { variantOf } from "../plugins/variants.ts";
import { hashOf } from "../random/seed.ts";
import { canonicalJson } from "../records/canonical-json.ts";
import { SUMMARY_NAME } from "../statistics/summary-file.ts";
import { privateCopy } from "../submissions/private-copy.ts";
import type { ShippedBenchmark } from "../submissions/shipped-benchmarks.ts";
import { findSubmissions, isAlgorithmSubmission, readSubmission } from "../submissions/submission-file.ts";
import { readSubmittedRuns } from "../submissions/submitted-run.ts";
import { openSearchView, type SearchView } from "../tables/search-view.ts";
import type { CheckList } from "./check-list.ts";
import { comparableSubmissions, copyFaults, replayFaults } from "./duplicate-check.ts";
import { freshProtocol, freshSeedsFinding } from "./fresh-seeds-check.ts";
import { RELABELLED_RUNS, relabellingFinding } from "./relabelling-check.ts";
import { type Laboratory, type MethodUnderTest, type RepeatedRuns, repeatRuns } from "./repeated-runs.ts";
import { rerunFaults } from "./rerun-check.ts";
import { statisticsFaults } from "./statistics-check.ts";
import { freshBase, pluginOf, type ReadAlgorithmSubmission, type VerifyOptions } from "./subject.ts";
import { agreementFaults } from "./submitted-files.ts";
import { failureFaults, planFaults } from "./submitted-plan.ts";
import { everyTraceFaults } from "./trace-check.ts";

/** Statistics that a verification of a method leaves. */
export interface AlgorithmFindings {
  readonly summary: RunSummary | null;
  readonly fresh: RunSummary | null;
}

/** Runs of each search under each of two seeds of the language's runtime. */
const HIDDEN_RANDOMNESS_RUNS = 20;
/** Runs of random search that say how far chance alone spreads. */
const RANDOM_SEARCH_RUNS = 200;

const ADVICE_ON_PRIORS =
  'a method that needs to know what operations and edges mean declares that as "priors" in its manifest; then this check is skipped, and said so';

/** Faults of a session in which a method failed that fails in no submitted run: its values would be those of the rest. */
function failedRuns({ stopped, failures }: RepeatedRuns): readonly string[] {
  return stopped === null ? failures : [stopped];
}

/** Checks that need nothing but the files. Returns the submission if its documents can be read. */
export async function checkAlgorithmFiles(
  checks: CheckList,
  options: VerifyOptions,
): Promise<ReadAlgorithmSubmission | null> {
  let read: ReadAlgorithmSubmission | null = null;
  await checks.make({
    name: "schema",
    title: "the submission's documents are whole, and say of the plugin what its manifest says",
    needs: ["outline"],
    find: () => {
      const submission = readSubmission(options.folder);
      if (submission.kind !== "algorithm") return { faults: ["this is no method's submission"] };
      const runs = readSubmittedRuns(options.folder);
      const summary = readDocument<RunSummary>(path.join(options.folder, SUMMARY_NAME), runSummary);
      read = { submission, runs, summary };
      readManifest(pluginOf(options));
      const { variant } = submission.plugin;
      const plugin = locateAlgorithm(path.resolve(pluginOf(options)));
      const { manifest } = variant === undefined ? plugin : variantOf(plugin, variant);
      return { faults: agreementFaults(submission, manifest) };
    },
  });
  return read;
}

class AlgorithmVerification {
  readonly #checks: CheckList;
  readonly #options: VerifyOptions;
  readonly #read: ReadAlgorithmSubmission;
  readonly #benchmark: ShippedBenchmark;
  readonly #table: SearchView;
  readonly #base: string;
  #method: MethodUnderTest | null = null;
  #again: RepeatedRuns | null = null;
  #summary: RunSummary | null = null;
  #fresh: RunSummary | null = null;

  constructor(checks: CheckList, options: VerifyOptions, read: ReadAlgorithmSubmission, benchmark: ShippedBenchmark) {
    this.#checks = checks;
    this.#options = options;
    this.#read = read;
    this.#benchmark = benchmark;
    this.#table = openSearchView(benchmark.tableFolder);
    this.#base = freshBase(options, read.submission);
  }

  get findings(): AlgorithmFindings {
    return { summary: this.#summary, fresh: this.#fresh };
  }

  get #laboratory(): Laboratory {
    const { work, jobs, runLimitSeconds, signal, onProgress } = this.#options;
    return {
      ...{ table: this.#table, work, jobs, runLimitSeconds },
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    };
  }

  #repeat(name: string, changes: Partial<Parameters<typeof repeatRuns>[1]> = {}): Promise<RepeatedRuns> {
    const { protocol } = this.#benchmark;
    const method = this.#method as MethodUnderTest;
    return repeatRuns(this.#laboratory, {
      ...{ name, protocol, runs: protocol.runs, method, shuffledBy: hashOf([this.#base, name]) },
      ...changes,
    });
  }

  /** Makes every check that runs the method. */
  async run(): Promise<void> {
    await this.#checkPlan();
    await this.#checkStart();
    await this.#checkReruns();
    await this.#checkFreshSeeds();
    await this.#checkRelabelling();
    await this.#checkHiddenRandomness();
    await this.#checkConduct();
    await this.#checkDuplicates();
  }

  async #checkPlan(): Promise<void> {
    const { submission, runs } = this.#read;
    await this.#checks.make({
      name: "seeds",
      title: "every run of the plan is there once, with the seed that the protocol's master seed gives it",
      needs: ["schema", "benchmark"],
      find: () => ({ faults: planFaults(submission, runs, this.#benchmark.protocol) }),
    });
    await this.#checks.make({
      name: "finished-runs",
      title: "no run failed",
      needs: ["schema"],
      find: () => ({ faults: failureFaults(submission, runs) }),
    });
  }

  async #checkStart(): Promise<void> {
    const { submission } = this.#read;
    const { isolation: enclosure, memoryLimitMb, work, onOutput } = this.#options;
    await this.#checks.make({
      name: "start",
      title: "the plugin's packages can be installed from its lock file, and its options fit",
      needs: ["schema", "hashes", "benchmark"],
      find: async () => {
        const plugin = await privateCopy(pluginOf(this.#options), path.join(work, "plugin"), {
          variant: submission.plugin.variant ?? null,
          ...(onOutput === undefined ? {} : { onOutput }),
        });
        const resolved = resolveOptions(plugin.manifest, this.#benchmark.protocol, submission.options);
        if (canonicalJson(resolved) !== canonicalJson(submission.options)) {
          return { faults: ["the options that were submitted are not all that the plugin has"] };
        }
        this.#method = { plugin, options: resolved, guest: { enclosure, memoryLimitMb } };
        return { faults: [] };
      },
    });
  }

  async #checkReruns(): Promise<void> {
    const { runs, summary } = this.#read;
    await this.#checks.make({
      name: "reruns",
      title: "every run, made again in another order and other company, has the digest that was submitted",
      needs: ["start", "seeds", "finished-runs"],
      find: async () => {
        const again = await this.#repeat("reruns");
        const faults = rerunFaults(runs, again);
        if (again.stopped === null) this.#again = again;
        return { faults };
      },
    });
    await this.#checks.make({
      name: "budget",
      title: "no trace leaves the space, the split or the budget",
      needs: ["reruns"],
      find: () => ({ faults: everyTraceFaults(this.#again as RepeatedRuns, this.#table) }),
    });
    await this.#checks.make({
      name: "statistics",
      title: "the summary is what the runs give",
      needs: ["reruns"],
      find: async () => {
        this.#summary = await (this.#again as RepeatedRuns).summarize();
        return { faults: statisticsFaults(summary, this.#summary) };
      },
    });
  }

  async #checkFreshSeeds(): Promise<void> {
    const { method } = this.#read.submission;
    await this.#checks.make({
      name: "fresh-seeds",
      title: "runs under seeds that nobody could know are as good as the submitted ones",
      needs: ["statistics"],
      find: async () => {
        const protocol = freshProtocol(this.#benchmark.protocol, this.#base, method.id);
        const fresh = await this.#repeat("fresh-seeds", { protocol });
        if (fresh.failures.length > 0) return { faults: failedRuns(fresh) };
        this.#fresh = await fresh.summarize();
        return freshSeedsFinding((this.#again as RepeatedRuns).values(), fresh.values());
      },
    });
  }

  async #checkRelabelling(): Promise<void> {
    const { priors } = this.#read.submission;
    await this.#checks.make({
      name: "relabelling",
      title: "the method is as good when edges and operations have other names",
      needs: ["statistics"],
      find: async () => {
        if (priors.length > 0) return { skipped: `the method declares priors: ${priors.join("; ")}` };
        const protocol = freshProtocol(this.#benchmark.protocol, this.#base, "relabelling");
        const relabelled = await this.#repeat("relabelled", {
          ...{ protocol, runs: Math.min(RELABELLED_RUNS, protocol.runs), isRelabelled: true },
        });
        if (relabelled.failures.length > 0) return { faults: [...failedRuns(relabelled), ADVICE_ON_PRIORS] };
        await relabelled.summarize();
        const rs = locateAlgorithm("rs");
        const random = await this.#repeat("random-search", {
          protocol: this.#benchmark.protocol,
          runs: Math.min(RANDOM_SEARCH_RUNS, protocol.runs),
          method: { plugin: rs, options: resolveOptions(rs.manifest, protocol), guest: null },
        });
        await random.summarize();
        return relabellingFinding((this.#again as RepeatedRuns).values(), relabelled.values(), random.values());
      },
    });
  }

  async #checkHiddenRandomness(): Promise<void> {
    const { runs } = this.#read;
    await this.#checks.make({
      name: "hidden-randomness",
      title: "runs do not depend on what the language's runtime draws",
      needs: ["reruns"],
      find: async () => {
        const method = this.#method as MethodUnderTest;
        const faults: string[] = [];
        for (const runtimeSeed of [1, 2]) {
          const again = await this.#repeat(`runtime-seed-${runtimeSeed}`, {
            runs: Math.min(HIDDEN_RANDOMNESS_RUNS, this.#benchmark.protocol.runs),
            method: { ...method, guest: method.guest && { ...method.guest, runtimeSeed } },
          });
          faults.push(...rerunFaults(runs, again, true).map((fault) => `runtime seed ${runtimeSeed}: ${fault}`));
        }
        return { faults };
      },
    });
  }

  async #checkConduct(): Promise<void> {
    await this.#checks.make({
      name: "conduct",
      title: "the method passes the checks of nas-harness check",
      needs: ["start"],
      find: async () => {
        const { plugin, guest } = this.#method as MethodUnderTest;
        if (guest === null) throw new RangeError("a submitted method has a process of its own");
        const results = await checkConformance({ plugin, settings: guest });
        const failed = results.filter(({ outcome }) => outcome === "failed");
        return { faults: failed.map(({ name, reasons }) => `${name}: ${reasons.join("; ")}`) };
      },
    });
  }

  async #checkDuplicates(): Promise<void> {
    const { submission, runs } = this.#read;
    await this.#checks.make({
      name: "duplicates",
      title: "the method is no other submission under a new name",
      needs: ["start"],
      find: async () => {
        const found = findSubmissions(this.#options.root).filter(isAlgorithmSubmission);
        const others = comparableSubmissions(submission, this.#options.folder, found);
        const faults = copyFaults(submission, runs, others);
        if (faults.length === 0 && others.length > 0) {
          const method = this.#method as MethodUnderTest;
          faults.push(...(await replayFaults(this.#laboratory, this.#benchmark.protocol, method, others)));
        }
        return { faults, remarks: [`compared with ${others.length} submissions under the same protocol`] };
      },
    });
  }
}

/**
 * Makes the checks of a method's submission that run it.
 * @throws NAS_ISOLATION, NAS_INSTALL and other errors of the machine, which say nothing about the submission
 */
export async function verifyAlgorithm(
  checks: CheckList,
  options: VerifyOptions,
  read: ReadAlgorithmSubmission,
  benchmark: ShippedBenchmark,
): Promise<AlgorithmFindings> {
  const verification = new AlgorithmVerification(checks, options, read, benchmark);
  await verification.run();
  return verification.findings;
}
