import type { Command } from "commander";

/** What the command line gives to `training-report`. */
export interface TrainingReportFlags {
  results: string;
  log?: string;
  protocol: string;
  table?: string;
  output?: string;
}

const EXAMPLE = `
Example:
  nas-harness training-report --results reference --output docs/weight-sharing-fashion-mnist-8x8.md

Writes in Markdown what weight-sharing methods (RSPS, DARTS, GDAS, SETN, ENAS) reached: accuracies and where
the answers stand among all cells, beside the published rows and the other methods in the folder; whether
searches fall to skip connections; what batch statistics change; and what the results can't say. Methods
without finished results are named as left out. The same results and log give the same page.`;

/** Adds `training-report` to the command line. */
export function addTrainingReportCommand(program: Command): void {
  program
    .command("training-report")
    .description("write what weight-sharing methods reached and how their searches went")
    .option("-r, --results <folder>", "output folder of run", "reference")
    .option("-l, --log <file>", "what run --log wrote (default: epochs.jsonl in the results folder, if it is there)")
    .option("-p, --protocol <id or file>", "the protocol (nas-harness list shows them)", "fashion-mnist-8x8")
    .option("-t, --table <folder>", "the table (default: the first that fits the protocol)")
    .option("-o, --output <file>", "write the page here, whole or not at all (default: stdout)")
    .addHelpText("after", EXAMPLE)
    .action(async (flags: TrainingReportFlags) => {
      const { trainingReportCommand } = await import("../training-report.ts");
      trainingReportCommand(flags);
    });
}
