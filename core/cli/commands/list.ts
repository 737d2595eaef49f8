import type { Command } from "commander";

const EXAMPLE = `
Examples:
  nas-harness list           methods, datasets, protocols and tables
  nas-harness list rea       one method with its options`;

/** Adds `list` to the command line. */
export function addListCommand(program: Command): void {
  program
    .command("list")
    .description("show methods, datasets, protocols and tables, or one method with its options")
    .argument("[method]", "a method's name or path")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (method: string | undefined, flags: { json?: true }) => {
      const { listAll, listMethod } = await import("../listing.ts");
      if (method === undefined) listAll(flags.json === true);
      else listMethod(method, flags.json === true);
    });
}
