import { Command } from "commander";
import { harnessVersion } from "../files/package-version.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addCommentCommand } from "./commands/comment.ts";
import { addDatasetCommands } from "./commands/dataset.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addLeaderboardCommand } from "./commands/leaderboard.ts";
import { addListCommand } from "./commands/list.ts";
import { addMergeCommand } from "./commands/merge.ts";
import { addNewCommand } from "./commands/new.ts";
import { addQueryCommand } from "./commands/query.ts";
import { addRunCommand } from "./commands/run.ts";
import { addSubmitCommand } from "./commands/submit.ts";
import { addTableCommands } from "./commands/table.ts";
import { addTrainCommand } from "./commands/training.ts";
import { addTrainingReportCommand } from "./commands/training-report.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { addWeightsCommands } from "./commands/weights.ts";
import { write } from "./terminal.ts";

/** Where a command leaves its exit code. */
export interface CommandOutcome {
  exitCode: number;
}

const EXAMPLES = `
Examples:
  nas-harness list                                      methods, protocols and tables
  nas-harness run rs rea                                run two methods 500 times each
  nas-harness leaderboard                               write the leaderboard to site/
  nas-harness query 1462                                what is known of an architecture

Exit codes: 0 ok, 1 failed, 2 usage or schema, 3 a plugin broke its contract, 4 environment, 130 interrupted.`;

/**
 * The command line. Command modules import only what `--help` needs; the rest is loaded by the action that needs it, so
 * that help answers at once.
 */
export function createProgram(): { program: Command; outcome: CommandOutcome } {
  const outcome: CommandOutcome = { exitCode: 0 };
  const program = new Command("nas-harness")
    .description("A reproducible benchmark harness for neural architecture search on the NAS-Bench-201 cell space.")
    .version(harnessVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText("after", EXAMPLES);
  // Before any subcommand is made: subcommands copy these settings from their parent.
  program.exitOverride().configureOutput({ outputError: () => {}, writeOut: write, writeErr: write });
  addRunCommand(program, outcome);
  addCheckCommand(program, outcome);
  addNewCommand(program);
  addSubmitCommand(program, outcome);
  addVerifyCommand(program, outcome);
  addCommentCommand(program);
  addMergeCommand(program, outcome);
  addLeaderboardCommand(program, outcome);
  addQueryCommand(program);
  addTableCommands(program, outcome);
  addTrainCommand(program, outcome);
  addWeightsCommands(program);
  addTrainingReportCommand(program);
  addDatasetCommands(program, outcome);
  addListCommand(program);
  addDoctorCommand(program, outcome);
  return { program, outcome };
}
