import os from "node:os";
import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `table build`. */
export interface BuildFlags {
  from?: string;
  work?: string;
  output?: string;
  jobs: string;
  shard?: string;
  with?: string[];
  finished?: true;
  overwrite?: true;
  json?: true;
}

/** What the command line gives to `table audit`. */
export interface AuditFlags {
  from?: string;
  dataset?: string;
  sample: string;
  seed: string;
  jobs: string;
  json?: true;
}

/** What the command line gives to `table pilot`. */
export interface PilotFlags {
  from?: string;
  candidates?: string;
  classes: string;
  seeds: string;
  work?: string;
  jobs: string;
  reference?: string;
  report?: true;
  output?: string;
  json?: true;
}

/** What the command line gives to `table cost`. */
export interface CostFlags {
  from?: string;
  classes: string;
  json?: true;
}

/** What the command line gives to `table datasheet`. */
export interface DatasheetFlags {
  dataset?: string;
  reference?: string;
  results?: string;
  output?: string;
  json?: true;
}

/** What the command line gives to `train`. */
export interface TrainFlags {
  dataset: string;
  from?: string;
  recipe: string;
  seed: string;
  backend: string;
  save?: string;
  check?: string;
  json?: true;
}

const BUILD_EXAMPLE = `
Example:
  nas-harness table build fashion-mnist-8x8
  nas-harness table build fashion-mnist-8x8 --shard 1/2 --work part-1    (on one machine)
  nas-harness table build fashion-mnist-8x8 --shard 2/2 --work part-2    (on another)
  nas-harness table build fashion-mnist-8x8 --with part-1 part-2

Interrupt it at any time; the same command goes on. Finished trainings are kept in --work. The table is
the same to the last byte however it was built. With --finished nothing is trained: the table is made of
the seeds of which all trainings are there.`;

const AUDIT_EXAMPLE = `
Example:
  nas-harness table audit plugins/datasets/fashion-mnist-8x8/table --sample 20

Exit code 1 if a single bit differs; every trial that does is named with what differs.`;

const PILOT_EXAMPLE = `
Example:
  nas-harness table pilot fashion-mnist-8x8 --reference tables/nas-bench-201-extract

Trains the same random classes with every candidate recipe and reports how well each recipe tells
cells apart; then trains the best class of each recipe five times as long, to say how far it is from
converged. Interrupt it at any time; the same command goes on.`;

const COST_EXAMPLE = `
Example:
  nas-harness table cost fashion-mnist-8x8

Fits the constants of a plan's cost model (processor time of a pass by multiply-accumulates) to
trainings on one core. They are worth something only if nothing else runs on the machine.`;

const DATASHEET_EXAMPLE = `
Example:
  nas-harness table datasheet plugins/datasets/fashion-mnist-8x8/table \\
    --reference tables/nas-bench-201-extract --results results --output docs/benchmark-fashion-mnist-8x8.md

Writes in Markdown how the table was made, how its accuracies are spread, how much of them is seed noise,
what ranks like what, what a search can gain, whether methods can be told apart, and what the table is
not fit for. Every number comes from the table; the same inputs give the same page.`;

const TRAIN_EXAMPLE = `
Example:
  nas-harness train 1462 --dataset fashion-mnist-8x8 --recipe full --seed 1
  nas-harness train 1462 --save cell-1462.npz    (for numpy and PyTorch; docs/training.md names the arrays)

The representative of the cell's class is trained: the one whose trial a table holds. --check compares
with that trial, bit for bit, which only the backend wasm can. tfjs-node and tfjs-node-gpu are packages
to install besides (nas-harness doctor); cpu is slow and needs nothing. In the JSON document null stands
for a loss that is no number.`;

const cores = () => String(os.availableParallelism());

/** Adds `build`, `pilot`, `audit` and `datasheet` to the `table` commands. */
export function addTableTrainingCommands(table: Command, outcome: CommandOutcome): void {
  table
    .command("build")
    .description("train every class of cells on a dataset and make a table of it")
    .argument("<dataset>", "a dataset plugin with a table plan")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("-w, --work <folder>", "where finished trainings are kept (default: tables/build-<dataset>)")
    .option("-o, --output <folder>", "where the table goes (default: tables/<id of the table>)")
    .option("-j, --jobs <number>", "processes", cores())
    .option("--shard <i/N>", "train only part i of N of the classes; no table is made")
    .option("--with <folders...>", "work folders of other shards, or tables of finished seeds, to go on from")
    .option("--finished", "train nothing; make the table of the seeds that are complete")
    .option("--overwrite", "replace the table that is there")
    .option("--json", "print the table's card as one JSON document on stdout")
    .addHelpText("after", BUILD_EXAMPLE)
    .action(async (dataset: string, flags: BuildFlags) => {
      const { buildTable } = await import("../table-build.ts");
      outcome.exitCode = await buildTable(dataset, flags);
    });
  table
    .command("pilot")
    .description("compare candidate recipes on random classes before a table is built")
    .argument("<dataset>", "a dataset plugin")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("-c, --candidates <folder>", "folder with the candidates' recipe files (default: the plugin's pilot/)")
    .option("--classes <number>", "random connected classes", "200")
    .option("--seeds <number>", "trial seeds, an even number up to 16", "4")
    .option("-w, --work <folder>", "where finished trainings are kept (default: tables/pilot-<dataset>)")
    .option("-j, --jobs <number>", "processes", cores())
    .option("--reference <table>", "a NAS-Bench-201 table whose CIFAR-10 ranks are compared")
    .option("-o, --output <file>", "write the report as a Markdown document too")
    .option("--report", "if it is interrupted, report the candidates that are complete")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", PILOT_EXAMPLE)
    .action(async (dataset: string, flags: PilotFlags) => {
      const { pilotTable } = await import("../table-pilot.ts");
      outcome.exitCode = await pilotTable(dataset, flags);
    });
  table
    .command("cost")
    .description("measure what a training costs, for a plan's cost model")
    .argument("<dataset>", "a dataset plugin with a table plan")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("--classes <number>", "random connected classes that are timed", "64")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", COST_EXAMPLE)
    .action(async (dataset: string, flags: CostFlags) => {
      const { costCommand } = await import("../table-cost.ts");
      outcome.exitCode = await costCommand(dataset, flags);
    });
  table
    .command("audit")
    .description("train random trials of a table again and compare bit for bit")
    .argument("<folder>", "a table that table build made")
    .option("-d, --dataset <folder>", "the dataset plugin, if it is not built in")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("-n, --sample <number>", "number of trials", "20")
    .option("--seed <text>", "which trials are drawn", "1")
    .option("-j, --jobs <number>", "processes", cores())
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", AUDIT_EXAMPLE)
    .action(async (folder: string, flags: AuditFlags) => {
      const { auditCommand } = await import("../table-audit.ts");
      outcome.exitCode = await auditCommand(folder, flags);
    });
  table
    .command("datasheet")
    .description("write what a trained table is, how noisy, and what it is fit for")
    .argument("<folder>", "a table that table build made")
    .option("-d, --dataset <folder>", "the dataset plugin, if it is not built in")
    .option("--reference <table>", "a NAS-Bench-201 table whose rankings are compared")
    .option("--results <folder>", "output folder of run: are methods told apart on this table?")
    .option("-o, --output <file>", "write the page here, whole or not at all (default: stdout)")
    .option("--json", "print the figures as one JSON document on stdout")
    .addHelpText("after", DATASHEET_EXAMPLE)
    .action(async (folder: string, flags: DatasheetFlags) => {
      const { datasheetCommand } = await import("../table-datasheet.ts");
      datasheetCommand(folder, flags);
    });
}

/** Adds `train` to the command line. */
export function addTrainCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("train")
    .description("train one cell and show its curve")
    .argument("<architecture>", "index or string")
    .option("-d, --dataset <name>", "dataset plugin: a name or a folder", "fashion-mnist-8x8")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("-r, --recipe <id>", "a recipe of the dataset's table plan", "full")
    .option("-s, --seed <number>", "trial seed", "1")
    .option("-b, --backend <name>", "wasm, tfjs-node-gpu, tfjs-node or cpu", "wasm")
    .option("--save <file>", "write the final weights and running averages to this .npz file")
    .option("--check <table>", "compare with this table's trial")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", TRAIN_EXAMPLE)
    .action(async (architecture: string, flags: TrainFlags) => {
      const { trainCommand } = await import("../train.ts");
      outcome.exitCode = await trainCommand(architecture, flags);
    });
}
