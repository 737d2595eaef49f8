import { type CheckResult, type Finding, resultOf } from "../conformance/finding.ts";
import { faultOf } from "../conformance/harness-faults.ts";
import { HarnessError } from "../errors/harness-error.ts";

/** A check that may be made. */
export interface CheckToMake {
  /** Stable name, lower-case words joined by hyphens. */
  readonly name: string;
  /** What holds if it passes, as a sentence. */
  readonly title: string;
  /** Names of checks without which this one means nothing. */
  readonly needs?: readonly string[];
  /** True: the table and images that it reads are the submission's own, and what is wrong with them is its fault. */
  readonly ownsTable?: boolean;
  readonly find: () => Finding | Promise<Finding>;
}

/** Errors of the environment, unless what is read was handed in. */
const OF_TABLES: readonly string[] = ["NAS_TABLE_CORRUPT", "NAS_TABLE_NOT_FOUND", "NAS_IMAGES"];

/** So many reasons are shown; of hundreds of faulty lines the first ones tell. */
const MOST_REASONS = 12;

function shortened(reasons: readonly string[]): string[] {
  if (reasons.length <= MOST_REASONS) return [...reasons];
  return [...reasons.slice(0, MOST_REASONS), `and ${reasons.length - MOST_REASONS} more`];
}

/** Makes checks one after another and keeps their results. */
export class CheckList {
  readonly results: CheckResult[] = [];
  readonly #onResult: (result: CheckResult) => void;

  /** @param onResult called for each check as it is done */
  constructor(onResult: (result: CheckResult) => void = () => {}) {
    this.#onResult = onResult;
  }

  /** Whether checks were made and passed. */
  havePassed(names: readonly string[]): boolean {
    return names.every((name) => this.results.find((result) => result.name === name)?.outcome === "passed");
  }

  /** Makes a check, or says why it can't be made. @throws what concerns the machine and not the submission */
  async make({ name, title, needs = [], ownsTable = false, find }: CheckToMake): Promise<boolean> {
    const missing = needs.filter((needed) => !this.havePassed([needed]));
    const finding: Finding =
      missing.length > 0
        ? { skipped: `not made: ${missing.join(", ")} did not pass` }
        : await this.#find(find, ownsTable);
    const result = resultOf(
      { name, title },
      "skipped" in finding ? finding : { ...finding, faults: shortened(finding.faults) },
    );
    this.results.push(result);
    this.#onResult(result);
    return result.outcome === "passed";
  }

  async #find(find: CheckToMake["find"], ownsTable: boolean): Promise<Finding> {
    try {
      return await find();
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      const isOwn = ownsTable && OF_TABLES.includes(error.code);
      // Errors of the environment and defects say nothing about the submission.
      if (!isOwn && (error.exitCode === 4 || error.code === "NAS_INTERNAL")) throw error;
      return { faults: [`${error.code}: ${faultOf(error)}`] };
    }
  }
}
