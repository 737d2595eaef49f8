import type { Verification } from "../../schemas/generated/verification.ts";
import type { CheckResult } from "../conformance/conformance.ts";
import type { EpochMessage } from "../runner/trainer-messages.ts";
import { showCheck } from "./check-lines.ts";
import { EpochLine } from "./epoch-log.ts";
import { formatDuration, Progress } from "./progress.ts";
import { print } from "./terminal.ts";

/** Shows people how the verification of a submission goes on, and what it found. */
export interface VerificationDisplay {
  readonly onResult: (result: CheckResult) => void;
  readonly onProgress: (what: string, done: number, total: number) => void;
  readonly onEpoch: (message: EpochMessage) => void;
  /** Called at the end; null if it was broken off. */
  readonly finish: (verification: Verification | null) => void;
}

const unitOf = (what: string) => (what === "audit" ? "trials" : "runs");

function showOutcome({ name, version, outcome, checks }: Verification, seconds: number): void {
  const named = (wanted: string) => checks.filter((check) => check.outcome === wanted).map((check) => check.name);
  const [failed, skipped] = [named("failed"), named("skipped")];
  const parts = [
    `${named("passed").length} checks passed`,
    ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
    ...(skipped.length > 0 ? [`skipped: ${skipped.join(", ")}`] : []),
  ];
  const word = outcome === "passed" ? "VERIFIED" : "NOT VERIFIED";
  print(`${word}  ${name} ${version} in ${formatDuration(seconds)} (${parts.join("; ")})`);
}

/** The display of a submission that is verified alone: each check as it is made. */
export function displayAlone(folder: string, isJson: boolean): VerificationDisplay {
  const start = performance.now();
  const line = new EpochLine();
  // Each session has an estimate of its own: what was waited for before it says nothing about it.
  let [progress, shown] = [new Progress("runs", "runs"), ""];
  if (!isJson) print(folder);
  return {
    onResult: (result) => {
      progress.finish();
      if (!isJson) showCheck(result);
    },
    onProgress: (what, done, total) => {
      if (what !== shown) {
        progress.finish();
        [progress, shown] = [new Progress(what, unitOf(what)), what];
      }
      progress.update(done, total);
    },
    onEpoch: (message) => progress.note(line.text(message, performance.now())),
    finish: (verification) => {
      progress.finish();
      if (verification !== null && !isJson) showOutcome(verification, (performance.now() - start) / 1000);
    },
  };
}

/** The displays of submissions that are verified side by side: what was found of each stands together. */
export class SharedDisplay {
  readonly #isJson: boolean;
  readonly #total: number;
  readonly #progress = new Progress("verified", "submissions");
  #done = 0;

  constructor(total: number, isJson: boolean) {
    this.#total = total;
    this.#isJson = isJson;
  }

  /** The display of one of them. */
  of(folder: string): VerificationDisplay {
    const start = performance.now();
    const line = new EpochLine();
    const results: CheckResult[] = [];
    return {
      onResult: (result) => results.push(result),
      onProgress: (what, done, total) => this.#progress.note(`${folder}: ${what} ${done}/${total} ${unitOf(what)}`),
      onEpoch: (message) => this.#progress.note(line.text(message, performance.now())),
      finish: (verification) => {
        if (verification === null) return;
        this.#progress.update(++this.#done, this.#total);
        this.#progress.finish();
        if (this.#isJson) return;
        print(folder);
        for (const result of results) showCheck(result);
        showOutcome(verification, (performance.now() - start) / 1000);
      },
    };
  }

  /** Leaves the line of the progress. */
  close(): void {
    this.#progress.finish();
  }
}
