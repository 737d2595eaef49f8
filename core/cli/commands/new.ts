import { type Command, Option } from "commander";
import { LANGUAGES } from "../../scaffold/languages.ts";
import type { NewAlgorithmFlags, NewDatasetFlags } from "../new.ts";

const ALGORITHM_EXAMPLE = `
Examples:
  nas-harness new algorithm my-method
  nas-harness new algorithm my-method --language python --folder methods/my-method

Writes a folder with a method that runs at once, and says what to type next.`;

const DATASET_EXAMPLE = `
Examples:
  nas-harness new dataset my-dataset
  nas-harness new dataset my-dataset --folder datasets/my-dataset

Writes a folder with a small dataset that works at once: images that are drawn, two recipes, the plan of a
table that is trained within minutes, and a protocol to search it by; and says what to type next.`;

const EXAMPLE = `
Examples:
  nas-harness new algorithm my-method
  nas-harness new dataset my-dataset

Writes a folder with a plugin that works at once, and says what to type next.`;

/** Adds `new algorithm` and `new dataset` to the command line. */
export function addNewCommand(program: Command): void {
  const parent = program
    .command("new")
    .description("start a plugin of your own")
    .helpCommand(false)
    .addHelpText("after", EXAMPLE);
  parent
    .command("algorithm")
    .description("write the folder of a new method that runs at once")
    .argument("<name>", "the method's name: lower-case words joined by hyphens")
    .addOption(
      new Option("-l, --language <language>", "what it is written in").choices(LANGUAGES).default("typescript"),
    )
    .option("-f, --folder <folder>", "where it goes (default: ./<name>)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", ALGORITHM_EXAMPLE)
    .action(async (name: string, flags: NewAlgorithmFlags) => {
      const { newAlgorithm } = await import("../new.ts");
      newAlgorithm(name, flags);
    });
  parent
    .command("dataset")
    .description("write the folder of a new dataset that works at once")
    .argument("<name>", "the dataset's name: lower-case words joined by hyphens")
    .option("-f, --folder <folder>", "where it goes (default: ./<name>)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", DATASET_EXAMPLE)
    .action(async (name: string, flags: NewDatasetFlags) => {
      const { newDataset } = await import("../new.ts");
      newDataset(name, flags);
    });
}
