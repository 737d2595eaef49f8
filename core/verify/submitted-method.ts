import { hashOf } from "../random/seed.ts";
import type { ShippedBenchmark } from "../submissions/shipped-benchmarks.ts";
import { openSearchView, type SearchView } from "../tables/search-view.ts";
import type { CheckList } from "./check-list.ts";
import {
  type Laboratory,
  type MethodUnderTest,
  type RepeatedRuns,
  type Repetition,
  repeatRuns,
} from "./repeated-runs.ts";
import { freshBase, type ReadAlgorithmSubmission, type VerifyOptions } from "./subject.ts";

/** A part that an earlier check leaves for later ones, which need that check. */
function left<T>(part: T | null, by: string): T {
  if (part === null) throw new RangeError(`the check ${by} left nothing`);
  return part;
}

/** A method's submission while its checks are made: what is known of it, and what earlier checks leave for later ones. */
export class SubmittedMethod {
  readonly checks: CheckList;
  readonly options: VerifyOptions;
  readonly read: ReadAlgorithmSubmission;
  readonly benchmark: ShippedBenchmark;
  readonly table: SearchView;
  /** What orders and fresh seeds are drawn from. */
  readonly base: string;
  #underTest: MethodUnderTest | null = null;
  #again: RepeatedRuns | null = null;

  constructor(checks: CheckList, options: VerifyOptions, read: ReadAlgorithmSubmission, benchmark: ShippedBenchmark) {
    this.checks = checks;
    this.options = options;
    this.read = read;
    this.benchmark = benchmark;
    this.table = openSearchView(benchmark.tableFolder);
    this.base = freshBase(options, read.submission);
  }

  /** What all sessions share. */
  get laboratory(): Laboratory {
    const { work, jobs, runLimitSeconds, signal, onProgress, onEpoch } = this.options;
    return {
      ...{ table: this.table, work, jobs, runLimitSeconds },
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(onEpoch === undefined ? {} : { onEpoch }),
    };
  }

  /** The method as it is run; after the check `start`. */
  get underTest(): MethodUnderTest {
    return left(this.#underTest, "start");
  }

  set underTest(method: MethodUnderTest) {
    this.#underTest = method;
  }

  /** Whether the submitted runs are trainings: of these not all are made again in full. */
  get trains(): boolean {
    return this.read.runs.some(({ training }) => training !== undefined);
  }

  /** The submitted runs, made again; after the check `reruns`, and only if they are no trainings. */
  get again(): RepeatedRuns {
    return left(this.#again, "reruns");
  }

  set again(runs: RepeatedRuns) {
    this.#again = runs;
  }

  /**
   * Runs the method once more: the whole plan unless told otherwise.
   * @param name of the session
   */
  repeat(name: string, changes: Partial<Repetition> = {}): Promise<RepeatedRuns> {
    const { protocol } = this.benchmark;
    return repeatRuns(this.laboratory, {
      ...{ name, protocol, runs: protocol.runs, method: this.underTest, shuffledBy: hashOf([this.base, name]) },
      ...changes,
    });
  }
}
