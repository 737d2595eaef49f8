import type { Command } from "commander";

/** What the command line gives to `weights export`. */
export interface WeightsExportFlags {
  from: string;
  dataset?: string;
  recipe?: string;
  seed?: string;
  output?: string;
  json?: true;
}

/** What the command line gives to `weights evaluate`. */
export interface WeightsEvaluateFlags {
  architecture: string;
  images?: string;
  dataset?: string;
  from?: string;
  recipe: string;
  split: string;
  cells?: string;
  backend: string;
  output?: string;
  json?: true;
}

const EXPORT_EXAMPLE = `
Example:
  nas-harness weights export 11 --from NATS-tss-v1_0-3ffb9-full
  nas-harness weights export 11 --from NATS-tss-v1_0-3ffb9-full --dataset cifar10 --recipe 200-epochs --seed 777 \\
    --output cell-11.npz
  nas-harness weights export 11 --from 000011-FULL.pth --dataset cifar100 --seed 888 -o cell-11.npz

Only the full form of NATS-Bench (…-full/NNNNNN.pickle.pbz2) and the archives of NAS-Bench-201 (NNNNNN-FULL.pth) hold
weights; the simple form does not. Without --output it lists the trainings whose weights the file holds. Names and layout
of the arrays are those of PyTorch's state dict. Nothing in the file is run.`;

const EVALUATE_EXAMPLE = `
Example:
  nas-harness weights evaluate cell-11.npz --architecture 11 --images images.npy --output logits.npy
  nas-harness weights evaluate cell-11.npz --architecture 11 --dataset cifar10 --recipe 200-epochs --split test
  nas-harness weights evaluate cell-1462.npz --architecture 1462 --dataset fashion-mnist-8x8 --split test

Takes what weights export and train --save write. Images of --images are float32 [N, channels, height, width] as PyTorch
has them, already normalised; their logits are [N, classes]. A dataset's images are normalised by its recipe. That this
reproduces the accuracy that a benchmark's file records is not claimed: docs/training.md says why.`;

/** Adds `weights` to the command line. */
export function addWeightsCommands(program: Command): void {
  const weights = program.command("weights").description("trained weights: out of the official files, into a network");
  weights
    .command("export")
    .description("write the weights of one training in a full-form official file as .npz")
    .argument("<architecture>", "index or string")
    .requiredOption("-f, --from <path>", "a full-form file (.pickle.pbz2 or .pth), or the folder of all of them")
    .option("-d, --dataset <name>", "cifar10-valid, cifar10, cifar100 or imagenet16-120")
    .option("-r, --recipe <id>", "12-epochs or 200-epochs")
    .option("-s, --seed <number>", "trial seed")
    .option("-o, --output <file>", "write this .npz file; without it the trainings are listed")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EXPORT_EXAMPLE)
    .action(async (architecture: string, flags: WeightsExportFlags) => {
      const { exportWeights } = await import("../weights-export.ts");
      await exportWeights(architecture, flags);
    });
  weights
    .command("evaluate")
    .description("what a network with these weights answers to images, or its loss and accuracy on a dataset")
    .argument("<weights>", "an .npz file")
    .requiredOption("-a, --architecture <architecture>", "index or string")
    .option("-i, --images <file>", "normalised images, a .npy file")
    .option("-d, --dataset <name>", "dataset plugin: a name or a folder")
    .option("-f, --from <folder>", "where the dataset's files are, if it does not bring them")
    .option("-r, --recipe <id>", "the dataset's recipe that says how images are normalised", "full")
    .option("--split <name>", "train, valid or test", "valid")
    .option("--cells <number>", "cells in a stage, where the file does not tell")
    .option("-b, --backend <name>", "wasm, tfjs-node-gpu, tfjs-node or cpu", "wasm")
    .option("-o, --output <file>", "write the logits of --images to this .npy file")
    .option("--json", "print one JSON document on stdout")
    .addHelpText("after", EVALUATE_EXAMPLE)
    .action(async (file: string, flags: WeightsEvaluateFlags) => {
      const { evaluateWeights } = await import("../weights-evaluate.ts");
      await evaluateWeights(file, flags);
    });
}
