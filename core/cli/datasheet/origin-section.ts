import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import type { Datasheet } from "./datasheet.ts";
import { code, counted, escaped, fixed, listed, paragraphs, table } from "./markdown.ts";
import type { OriginFigures } from "./origin-figures.ts";
import type { TrainedValues } from "./trained-values.ts";

/** What a table lacks, as sentences; none if it is complete. */
export function gapSentences(figures: OriginFigures): string[] {
  const { classes, allClasses, architectures, missing } = figures;
  const few =
    classes < allClasses
      ? `It holds ${fixed(classes, 0)} of the ${fixed(allClasses, 0)} classes (${fixed(architectures, 0)} of the ${fixed(ARCHITECTURE_COUNT, 0)} cells); every figure below is over these and need not hold for the others.`
      : "";
  const parts = missing.map(
    ({ recipe, seeds }) => `${counted(seeds.length, "seed")} of ${code(recipe)} (${listed(seeds.map(String))})`,
  );
  const lacks =
    parts.length === 0
      ? ""
      : `The dataset's table plan names trainings that it does not hold: ${listed(parts)}. Figures will change with them.`;
  return [few, lacks].filter((sentence) => sentence !== "");
}

function entriesText(figures: OriginFigures): string {
  const { classes, architectures, allClasses, distinctNetworks } = figures;
  const shared = classes - distinctNetworks;
  const same =
    shared === 0
      ? "No two classes were trained as the same network."
      : `They are ${fixed(distinctNetworks, 0)} different networks: ${counted(shared, "class differs", "classes differ")} from another only in edges that lead nowhere, so the same network was trained, and the results are equal to the last bit.`;
  return `**${counted(classes, "class", "classes")}, not ${fixed(architectures, 0)} entries.** Isomorphic cells share one training: the ${fixed(ARCHITECTURE_COUNT, 0)} cells of the space form ${fixed(allClasses, 0)} isomorphism classes as NATS-Bench counts them, and a class is represented by its cell of the lowest index. The ${fixed(architectures, 0)} cells of this table's ${fixed(classes, 0)} classes all have values, and cells of one class have the same. ${same} A search that tries two cells of one class learns nothing new from the second but a trial with another seed.`;
}

function connectionText(figures: OriginFigures): string {
  const { classes, connectedClasses, disconnectedClasses, disconnectedArchitectures } = figures;
  if (disconnectedClasses === 0) {
    return `**Every class is connected**: in all ${fixed(classes, 0)} the input reaches the output, so "all classes" and "connected" are the same below.`;
  }
  return `**${counted(connectedClasses, "class", "classes")} connected, ${fixed(disconnectedClasses, 0)} not.** In ${disconnectedClasses === 1 ? "one class" : `${fixed(disconnectedClasses, 0)} classes`} (${counted(disconnectedArchitectures, "cell")}) no path leads from input to output; such a network sees nothing of the image and gives every image the same answer. Such classes can flatter figures over all classes, so those below are also given over connected classes alone.`;
}

function networkText({ recipes }: TrainedValues): string {
  const sizes = recipes.map(
    ({ recipe: { id, network } }) =>
      `${counted(network.channels, "channel")} and ${counted(network.cellsPerStage, "cell")} a stage (${code(id)})`,
  );
  return `**Networks differ from the authors'.** Edges on no path from input to output are removed before training. Networks start with ${listed(sizes)}; those of NAS-Bench-201 start with 16 channels and have 5 cells a stage. Parameters and multiply-accumulates (MACs; the official files call them FLOPs) on this page are those of the network that was executed, not the figures of the official files, which count all six edges.`;
}

const BACKEND_TEXT =
  "**Trained by this project** with its fused WebAssembly kernels on the wasm backend of TensorFlow.js. A trial depends on the cell, the recipe, the images and the trial seed and on nothing else, so anybody can train any of them again and gets every number and the SHA-256 of the weights, bit for bit. This does it for 20 random ones:";

function factRows(figures: OriginFigures): string[][] {
  const { dataset, images, trainings, recipes } = figures;
  const seeds = recipes.map(
    (own) => `${code(own.recipe)}: ${counted(own.seeds.length, "seed")} (${listed(own.seeds.map(String))})`,
  );
  const split = (count: number) => fixed(count, 0);
  return [
    ["table", `${code(figures.id)} ${figures.version}, ${escaped(figures.licence)}`],
    ["content hash (search view)", code(figures.searchContentHash)],
    ["dataset", `${escaped(dataset.title)} (plugin ${code(dataset.name)} ${escaped(dataset.version)})`],
    [
      "images",
      `${images.size} x ${images.size} pixels, ${counted(images.channels, "channel")}, ${fixed(images.classes, 0)} classes`,
    ],
    ["split", `${split(images.train)} training, ${split(images.valid)} validation, ${split(images.test)} test images`],
    ["trainings", `${fixed(trainings, 0)}; ${seeds.join("; ")}`],
  ];
}

/** The section that says what a table is. @param folder the table's folder as commands should name it */
export function originSection({ origin: figures, values }: Datasheet, folder: string): string[] {
  const diverged = figures.recipes.map((own) => own.diverged).reduce((sum, own) => sum + own, 0);
  const divergence =
    diverged === 0
      ? "No training diverged."
      : `In ${counted(diverged, "training")} of ${fixed(figures.trainings, 0)} some loss was no number or infinite. They went on to their last epoch and count like any other: nothing was repeated or left out.`;
  return [
    "## What it is",
    "",
    ...paragraphs(`In the words of its card: ${escaped(figures.description)}`),
    ...table(["", ""], factRows(figures), 2),
    ...paragraphs(entriesText(figures), connectionText(figures), networkText(values), BACKEND_TEXT),
    "```",
    `nas-harness table audit ${folder} --sample 20`,
    "```",
    "",
    ...paragraphs(divergence),
  ];
}
