import type { Command } from "commander";
import type { FiguresFlags } from "../write-figures.ts";

const EXAMPLE = `
Examples:
  nas-harness leaderboard figures                            every chart of every benchmark and table, into figures/
  nas-harness leaderboard figures --width 84                 as wide as a column of a paper, in mm
  nas-harness leaderboard --results results figures --benchmark <id> -o paper/figures

Each file is an SVG with black text in Helvetica or Arial and no background. The paths of all files are printed.
The ids of benchmarks are the names of their folders. Without --output the folder is figures.`;

/** Adds `figures` to the command `leaderboard`, whose options it shares. */
export function addFiguresCommand(leaderboard: Command): void {
  leaderboard
    .command("figures")
    .description("write every chart as an SVG file of its own, for papers")
    .option("--benchmark <id>", "draw this benchmark and its table alone")
    .option("--width <mm>", "width of each figure in mm (default: in pixels, 520)")
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", EXAMPLE)
    .action(async (_: unknown, command: Command) => {
      const { writeFigures } = await import("../write-figures.ts");
      const flags = command.optsWithGlobals<FiguresFlags>();
      // The default of the shared option is the site's folder.
      const isGiven = leaderboard.getOptionValueSource("output") !== "default";
      writeFigures(isGiven ? flags : { ...flags, output: "figures" });
    });
}
