import { type Command, Option } from "commander";
import { LANGUAGES } from "../../scaffold/languages.ts";
import type { NewAlgorithmFlags } from "../new.ts";

const EXAMPLE = `
Examples:
  nas-harness new algorithm my-method
  nas-harness new algorithm my-method --language python --folder methods/my-method

Writes a folder with a method that runs at once, and says what to type next.`;

/** Adds `new algorithm` to the command line. */
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
    .addHelpText("after", EXAMPLE)
    .action(async (name: string, flags: NewAlgorithmFlags) => {
      const { newAlgorithm } = await import("../new.ts");
      newAlgorithm(name, flags);
    });
}
