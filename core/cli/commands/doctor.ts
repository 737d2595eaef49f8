import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";

const EXAMPLE = `
Example:
  nas-harness doctor --json > doctor.json    to attach to a report

Trains small networks on the wasm backend and on the plain cpu backend and compares them, compares a
short training with its golden weights, reads the images of the built-in datasets and the files of all
tables that are found. Backends that are installed besides (tfjs-node, tfjs-node-gpu) are tried too.
Each line is ok, missing or failed. Exit code 4 if something that is needed is not ok.`;

/** Adds `doctor` to the command line. */
export function addDoctorCommand(program: Command, outcome: CommandOutcome): void {
  program
    .command("doctor")
    .description("check this installation: backends, kernels, datasets and tables")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXAMPLE)
    .action(async (flags: { json?: true }) => {
      const { doctorCommand } = await import("../doctor.ts");
      outcome.exitCode = await doctorCommand(flags);
    });
}
