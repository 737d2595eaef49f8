import type { Command } from "commander";
import type { DeriveFlags } from "../dataset-derive.ts";
import type { FetchFlags } from "../dataset-fetch.ts";
import type { DatasetInfoFlags } from "../dataset-info.ts";
import type { CommandOutcome } from "../program.ts";

const INFO_EXAMPLE = `
Examples:
  nas-harness dataset info fashion-mnist-8x8
  nas-harness dataset info fashion-mnist --from /usr/share/datasets/fashion-mnist --json

Reads all images, checks them, and shows how many there are of each class.`;

const DERIVE_EXAMPLE = `
Examples:
  nas-harness dataset derive fashion-mnist-8x8 --from /usr/share/datasets/fashion-mnist --check
  nas-harness dataset derive fashion-mnist-8x8 --from /usr/share/datasets/fashion-mnist --output derived

Makes the images of a derived dataset again from those of its source. --check compares them with the
dataset's own images and writes nothing; --output writes gzipped IDX files and the SHA-256 of their
unpacked content (compressors differ between versions, so only the content is the same anywhere).
On Debian and Ubuntu the package dataset-fashion-mnist provides the folder above.`;

const FETCH_EXAMPLE = `
Examples:
  nas-harness dataset fetch cifar10
  nas-harness dataset fetch cifar100 --output data/cifar100
  nas-harness dataset fetch imagenet16-120

Fetches the files that the dataset's sources.json names, checks them, unpacks archives and writes
checksums.json beside them. Interrupt it at any time: the same command goes on, and what is there is kept.
A file that was put into the folder by hand is checked instead of fetched; one that has no address
(the pickles of imagenet16-120) is named, with where to get it. Archives stay; delete them if you like.`;

/** Adds `dataset info`, `dataset fetch` and `dataset derive` to the command line. */
export function addDatasetCommands(program: Command, outcome: CommandOutcome): void {
  const dataset = program
    .command("dataset")
    .description("show datasets, fetch their files, and make derived ones again from their sources")
    .helpCommand(false)
    .addHelpText("after", INFO_EXAMPLE);
  dataset
    .command("info")
    .description("read and check a dataset's images, and show what there is of them")
    .argument("<dataset>", "a dataset's name, path or package")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", INFO_EXAMPLE)
    .action(async (name: string, flags: DatasetInfoFlags) => {
      const { showDataset } = await import("../dataset-info.ts");
      await showDataset(name, flags);
    });
  dataset
    .command("fetch")
    .description("fetch the files that a dataset does not bring, and check them")
    .argument("<dataset>", "a dataset's name, path or package")
    .option("-o, --output <folder>", "where the files go (default: downloads/<dataset>)")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", FETCH_EXAMPLE)
    .action(async (name: string, flags: FetchFlags) => {
      const { fetchDataset } = await import("../dataset-fetch.ts");
      outcome.exitCode = await fetchDataset(name, flags);
    });
  dataset
    .command("derive")
    .description("make a derived dataset's images again from those of its source")
    .argument("<dataset>", "a derived dataset's name, path or package")
    .requiredOption("-f, --from <folder>", "where the source's files are")
    .option("-o, --output <folder>", "where the files go")
    .option("--check", "compare with the dataset's own images; write nothing")
    .option("--overwrite", "replace files that are there")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", DERIVE_EXAMPLE)
    .action(async (name: string, flags: DeriveFlags) => {
      const { deriveDataset } = await import("../dataset-derive.ts");
      await deriveDataset(name, flags);
    });
}
