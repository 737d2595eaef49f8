import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";
import type { ServeFlags } from "../serve-leaderboard.ts";
import type { LeaderboardFlags } from "../write-leaderboard.ts";
import { addFiguresCommand } from "./leaderboard-figures.ts";

const EXAMPLE = `
Examples:
  nas-harness leaderboard                                    results/ and what was published, into site/
  nas-harness leaderboard --results results their-results --output compared
  nas-harness leaderboard --table tables/my-table            ResNet and optimum computed from this table
  nas-harness leaderboard --results reference --log reference/epochs.jsonl
  nas-harness leaderboard --remote upstream                  in a clone of a fork
  nas-harness leaderboard serve                              write the site, then look at it in a browser

A submission is verified if main of the clone's remote has the statement that continuous integration made of it.
Writes a site that needs no server: index.html, a page for each benchmark, method, architecture that a run answered
with, and table; and leaderboard.md, .csv, .tex, .json and .bib. Pages whose content did not change are left as they
are. Prints the path of index.html last. Without results or a table it shows the published rows.`;

const SERVE_EXAMPLE = `
Examples:
  nas-harness leaderboard serve
  nas-harness leaderboard serve --results trial --port 0     any free port

Only this machine can reach the server. Files are read at each request: run nas-harness leaderboard in another terminal,
then load the page again. Ctrl-C ends it.`;

/** Adds `leaderboard` with `serve` and `figures` to the command line. */
export function addLeaderboardCommand(program: Command, outcome: CommandOutcome): void {
  const leaderboard = program
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
  leaderboard
    .command("serve")
    .description("write the site, then serve it on this machine")
    .option("-p, --port <number>", "port, 0 for any that is free", "8201")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", SERVE_EXAMPLE)
    .action(async (_: unknown, command: Command) => {
      const { serveLeaderboard } = await import("../serve-leaderboard.ts");
      outcome.exitCode = await serveLeaderboard(command.optsWithGlobals<ServeFlags>());
    });
  addFiguresCommand(leaderboard);
}
