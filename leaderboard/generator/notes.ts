import { BOOTSTRAP_RESAMPLES } from "../../core/statistics/bootstrap.ts";
import { DISTINCTION_LEVEL } from "../../core/statistics/distinction.ts";
import { groupedNumber } from "./figures.ts";
import { FEWEST_RANKED_RUNS } from "./ranking.ts";

/** How to read the leaderboard, one paragraph each. */
export const READING: readonly string[] = [
  "Accuracies are in percent: mean ± standard deviation (ddof 0, as published) over the runs that finished. A run's figure is the accuracy of the architecture that it answered with, itself the mean over all trainings of that architecture in the table.",
  `In brackets: the 95 % percentile bootstrap interval of the mean, from ${groupedNumber(BOOTSTRAP_RESAMPLES, 0)} resamples of whole runs. It is seeded by the digest of the records, so whoever has the records computes the same interval.`,
  `Rank: the ranks that the runs leave open, as 1–5: the best is 1 plus the number of rows that are higher and told apart from this one, in the column that the section names. Two rows are told apart if a two-sided Mann-Whitney test of their runs, with Holm's correction over all pairs of rows, gives less than ${DISTINCTION_LEVEL}. Rows with a group's letter in common are not distinguishable. Only rows of one protocol version on one table version are compared, from ${FEWEST_RANKED_RUNS} runs on; published and computed rows never are.`,
  "Standing: a submitted row is claimed until continuous integration has run all of it again, found the same digests and passed every other check of nas-harness verify; then it is verified. Verified here: so found on this machine only. Run here: made by whoever wrote this page. Fresh seeds: the mean under seeds that nobody could know when the runs were made.",
  "Δ (difference): the mean of the row above minus the published one, in percentage points.",
  "Runs: finished runs, as 497/500 where some failed. Distinct: how many different trajectories these runs took. Evals: mean number of evaluations of a run. Search: mean simulated seconds of a run, which come from the table and not from a clock. CPU: measured seconds of the method itself, mean per run, on the machine that ran it; it depends on the machine and no other figure does.",
];

/** What to know when re-runs are compared with the published rows, one paragraph each. */
export const COMPARISON: readonly string[] = [
  "RS under nas-bench-201-mean comes out slightly better than its published row. There a reward is the mean of a cell's two 12-epoch trainings, where the published runs drew one of them at random; averaged rewards hold less noise, so the best reward points to a better cell. That is a property of the protocol and no improvement of the method.",
  "REINFORCE's learning rate under nas-bench-201 and nas-bench-201-mean (0.05) was chosen with the published row known, so its agreement with that row is no independent evidence. The authors' documented command has 0.5; their own grid was 0.01, 0.02, 0.1, 0.2 and 0.5. An independent re-run under the rules of nas-bench-201-mean, 500 runs a rate, gave on the test sets of CIFAR-10, CIFAR-100 and ImageNet16-120: 93.85, 71.51 and 45.15 at 0.02; 93.88, 71.69 and 45.38 at 0.05; 93.92, 71.78 and 45.43 at 0.1; 93.20, 70.11 and 43.52 at 0.5. Published are 93.85, 71.71 and 45.24.",
];

/** Commands that make what a leaderboard without re-runs lacks. */
export const RERUN_COMMANDS: readonly string[] = [
  "nas-harness run rs rea reinforce bohb bohb-multi-fidelity",
  "nas-harness leaderboard",
];
