import os from "node:os";
import { type Command, Option } from "commander";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `verify`. */
export interface VerifyFlags {
  submissions: string;
  record?: string | true;
  report?: string;
  base?: string;
  repository: string;
  jobs: string;
  runLimit: string;
  memoryLimit: string;
  isolation: "auto" | "strict" | "process";
  audit: string;
  everyRun?: true;
  json?: true;
}

const EXAMPLE = `
Examples:
  nas-harness verify leaderboard/submissions/my-method/1.0.0 --record
  nas-harness verify                            every submission below leaderboard/submissions
  nas-harness verify main..HEAD --report verification.json
  nas-harness verify leaderboard/submissions/gdas/1.0.0 --every-run

Makes every run again, shuffled and in fresh processes, and compares digests; then runs under fresh seeds, under
other names of edges and operations, and under other seeds of the runtime; recomputes the statistics; looks for
copies of other submissions. Of a method that trains it makes the first epoch of every run again, and one whole run
if it is expected to last less than ten minutes; --every-run makes all of them. Several submissions are verified side
by side, one a process. All checks are made and reported at once. Exit code 1 if one failed.
--record writes the result as an in-toto statement to leaderboard/verifications, where the leaderboard looks for it.`;

/** Adds `verify` to the command line. */
export function addVerifyCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("verify")
    .description("verify submissions: run them again and look for what should not be")
    .argument("[submissions...]", "folders of submissions, or <base>..<head> (default: all that are found)")
    .option("-s, --submissions <folder>", "where submissions lie", "leaderboard/submissions")
    .option("--record [folder]", "write the result where the leaderboard looks for it (leaderboard/verifications)")
    .option("--report <file>", "write everything that was found as JSON")
    .option("--base <commit>", "commit from which fresh seeds are derived (default: the range's base, or HEAD)")
    .option("--repository <folder>", "clone in which commits are looked up", ".")
    .option("-j, --jobs <number>", "processes", String(os.availableParallelism()))
    .option("--run-limit <seconds>", "wall-clock limit of one run; a run that takes longer fails", "300")
    .option("--memory-limit <MB>", "memory that a method's process may use", "1024")
    .addOption(
      new Option("--isolation <mode>", "how methods are kept apart; only strict counts (docs/isolation.md)")
        .choices(["strict", "auto", "process"])
        .default("strict"),
    )
    .option("--every-run", "make every run of a method that trains again in full, not one of them")
    .option("--audit <number>", "trials of a dataset's table that are trained again", "20")
    .option("--json", "print everything that was found as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (submissions: string[], flags: VerifyFlags) => {
      const { verifyCommand } = await import("../verify.ts");
      outcome.exitCode = await verifyCommand(submissions, flags);
    });
}
