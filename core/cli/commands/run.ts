import os from "node:os";
import { type Command, Option } from "commander";
import { ISOLATION_MODES, type IsolationMode } from "../../isolation/isolation-mode.ts";
import type { CommandOutcome } from "../program.ts";

/** What the command line gives to `run`. */
interface RunFlags {
  protocol: string;
  table?: string;
  output: string;
  runs?: string;
  jobs: string;
  shard?: string;
  runLimit: string;
  memoryLimit: string;
  isolation: IsolationMode;
  option?: string[];
  backend: string;
  from?: string;
  log?: string;
  extension?: string[];
  resume?: true;
  overwrite?: true;
  json?: true;
}

const EXAMPLE = `
Examples:
  nas-harness run rs rea bohb bohb-multi-fidelity
  nas-harness run rs rea reinforce bohb --protocol nas-bench-201-mean   (needs a table of NAS-Bench-201)
  nas-harness run rs rea --protocol ./my-dataset/protocol.json
  nas-harness run ./my-method --runs 20 --option my-method.populationSize=25
  nas-harness run rea --shard 1/4 --output shard-1     (then: nas-harness merge shard-*)

Results go to <output>/<protocol>/<method>/: records.jsonl (one line a run), revealed.jsonl
(reported values), summary.json, run.json (what they were made from), measured.jsonl.
Interrupt with Ctrl-C at any time; --resume goes on and ends with the same bytes.`;

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

/** Adds `run` to the command line. */
export function addRunCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("run")
    .description("run methods under a protocol and summarise them")
    .argument(
      "<methods...>",
      "built-in names, paths of plugin folders or npm packages; a variant is <plugin>#<variant>",
    )
    .option("-p, --protocol <id or file>", "the protocol (nas-harness list shows them)", "fashion-mnist-8x8")
    .option(
      "-t, --table <folder>",
      "the benchmark table (default: that of the protocol file's own plugin, then looked for in $NAS_HARNESS_TABLES, ./tables, dataset plugins)",
    )
    .option("-o, --output <folder>", "where results go", "results")
    .option("-n, --runs <number>", "runs of each method (default: the protocol's number)")
    .option("-j, --jobs <number>", "processes", String(os.availableParallelism()))
    .option("--shard <i/N>", "only part i of N of the plan; put the parts together with merge")
    .option(
      "--run-limit <seconds>",
      "wall-clock limit of one run, or of one epoch of a method that trains; a run that takes longer fails",
      "300",
    )
    .option("--memory-limit <MB>", "memory that a method in a process of its own may use", "1024")
    .addOption(
      new Option("--isolation <mode>", "how methods that are not built in are kept apart (docs/isolation.md)")
        .choices([...ISOLATION_MODES])
        .default("auto"),
    )
    .option("--option <method.name=value>", "an option of a method; may be given again", collect)
    .option("--backend <name>", "for methods that train: wasm, tfjs-node-gpu, tfjs-node or cpu", "wasm")
    .option("--from <folder>", "for methods that train: where the dataset's files are, if it does not bring them")
    .option("--log <file>", "for methods that train: add a JSON line for each epoch to this file")
    .option("--extension <module>", "a module that taps hooks; may be given again", collect)
    .addOption(new Option("--resume", "keep the results that are there and run what is missing").conflicts("overwrite"))
    .option("--overwrite", "delete the results that are there")
    .option("--json", "print the summary as one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (methods: string[], flags: RunFlags) => {
      const { runMethods } = await import("../run-methods.ts");
      outcome.exitCode = await runMethods(methods, flags);
    });
}

export type { RunFlags };
