import type { Command } from "commander";
import type { CommandOutcome } from "../program.ts";
import type { ImportOfficialFlags } from "../table-import-official.ts";
import { addOfficialOptions } from "./import-options.ts";

const HPOBENCH_EXAMPLE = `
Examples:
  nas-harness table import hpobench nasbench_201_data
  nas-harness table import hpobench NAS-Bench-201-v1_1-096897_cifar100.json --output tables/cifar100

The folder of nasbench_201_data_v1.3.zip, unpacked. HPOBench filled missing seeds with the values of
another seed: such copies are no trials and are left out; the report says how many.`;

const NNI_EXAMPLE = `
Example:
  nas-harness table import nni nasbench201-b2b60732.db

The database is only read. It has one time a training and split, which stands for every epoch.`;

const SYNE_TUNE_NOTE = `
Its "valid_error" is the error on the test images, so that it has no validation split. Import the
files that it was made from:
  nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple`;

/** Adds imports of files that other projects made from NAS-Bench-201: `hpobench`, `nni`, and `syne-tune`, which refuses. */
export function addDerivedImportCommands(group: Command, outcome: CommandOutcome): void {
  addOfficialOptions(
    group
      .command("hpobench")
      .description("make a table from HPOBench's JSON files: 200 epochs on three datasets")
      .argument("<folder>", "folder with NAS-Bench-201-v1_1-096897_<dataset>.json, or one of them"),
  )
    .addHelpText("after", HPOBENCH_EXAMPLE)
    .action(async (place: string, flags: ImportOfficialFlags) => {
      const { importDerived } = await import("../table-import-derived.ts");
      outcome.exitCode = await importDerived(place, "hpobench", flags);
    });
  addOfficialOptions(
    group
      .command("nni")
      .description("make a table from NNI's SQLite database of NAS-Bench-201")
      .argument("<file>", "nasbench201-….db"),
  )
    .addHelpText("after", NNI_EXAMPLE)
    .action(async (place: string, flags: ImportOfficialFlags) => {
      const { importDerived } = await import("../table-import-derived.ts");
      outcome.exitCode = await importDerived(place, "nni", flags);
    });
  group
    .command("syne-tune")
    .description("not possible: why, and what to import instead")
    .argument("<folder>", "folder of the blackbox nasbench201")
    .addHelpText("after", SYNE_TUNE_NOTE)
    .action(async (folder: string) => {
      const { importSyneTune } = await import("../table-import-derived.ts");
      importSyneTune(folder);
    });
}
