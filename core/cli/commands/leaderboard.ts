import type { Command } from "commander";
import type { LeaderboardFlags } from "../write-leaderboard.ts";

const EXAMPLE = `
Examples:
  nas-harness leaderboard                                    results/ and what was published, into site/
  nas-harness leaderboard --results results their-results --output compared
  nas-harness leaderboard --table tables/my-table            ResNet and optimum computed from this table
  nas-harness leaderboard --results reference --log reference/epochs.jsonl
  nas-harness leaderboard --remote upstream                  in a clone of a fork

A submission is verified if main of the clone's remote has the statement that continuous integration made of it.
Writes leaderboard.md, .csv, .tex, .json and index.html, one page that needs no other file, and prints
the page's path last. Without results or a table it shows the published rows.`;

/** Adds `leaderboard` to the command line. */
export function addLeaderboardCommand(program: Command): void {
  program
    .command("leaderboard")
    .description("write the leaderboard: re-runs next to the published rows")
    .option("-r, --results <folders...>", "output folders of run (default: results, if it is there)")
    .option("-s, --submissions <folder>", "where submissions lie", "leaderboard/submissions")
    .option("--verifications <folder>", "where results of verify --record lie", "leaderboard/verifications")
    .option("--remote <name>", "the git remote on whose main statements of verification count", "origin")
    .option("-o, --output <folder>", "where the files go", "site")
    .option("-t, --table <folder>", "the table to compute ResNet and the optimum from (default: all that are found)")
    .option("--log <files...>", "what run --log wrote, to be drawn on the page")
    .option("--extension <modules...>", "modules that tap the hook leaderboardColumns", [])
    .option("--json", "print the leaderboard as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (flags: LeaderboardFlags) => {
      const { writeLeaderboard } = await import("../write-leaderboard.ts");
      await writeLeaderboard(flags);
    });
}
