import { titleOf } from "./scaffold-manifest.ts";

/** The entry: images that are drawn, to be replaced. What plugin.json and the recipes say of them is measured from it. */
export const DATASET_ENTRY = `import { defineDataset, type ImageSet } from "nas-harness";

/** Height and width in pixels, and the number of classes, as plugin.json states them. */
const [SIZE, CLASSES] = [8, 4];

/** How far across the stripes of a class a pixel lies: level ones, upright, rising, falling. */
function across(label: number, row: number, column: number): number {
  if (label < 2) return label === 0 ? row : column;
  return label === 2 ? row + column : row + SIZE - column;
}

/** Draws the images of a split. To be replaced: readIdxImageSet of "nas-harness" reads files. */
function draw(count: number, seed: number): ImageSet {
  // Not Math.random: the same images must come at every call and on every machine. Whole numbers are the same everywhere.
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
  // The classes in turn: a recipe that evaluates only the first images of a split sees all of them.
  const labels = Uint8Array.from({ length: count }, (_, image) => image % CLASSES);
  const pixels = new Uint8Array(count * SIZE * SIZE);
  for (const [image, label] of labels.entries()) {
    const [phase, contrast] = [below(4), 60 + below(60)];
    for (let at = 0; at < SIZE * SIZE; at++) {
      const isBright = (across(label, Math.floor(at / SIZE), at % SIZE) + phase) % 4 < 2;
      pixels[image * SIZE * SIZE + at] = below(136) + (isBright ? contrast : 0);
    }
  }
  return { pixels, labels, count, size: SIZE, channels: 1, classes: CLASSES };
}

export default defineDataset({
  // Each call gives one split and reads nothing of another: whoever searches never touches a test image.
  open: () => ({ train: () => draw(512, 1), valid: () => draw(64, 2), test: () => draw(64, 3) }),
});
`;

/** The entry's tests: the harness's checks, and one of what only this dataset promises. */
export const DATASET_TEST = `import { datasetChecks } from "nas-harness/testing";
import { expect, test } from "vitest";
import dataset from "./index.ts";

// What every dataset has to keep to, each as a test of its own: images as plugin.json states them, the same whenever they
// are read, none in two splits, recipes that train, a protocol and a table that fit.
test.each(datasetChecks(import.meta.dirname))("$title", ({ run }) => run(), 120_000);

test.each(["train", "valid", "test"] as const)("%s has as many images of each class", (split) => {
  const { labels, count, classes } = dataset.open({ folder: import.meta.dirname, dataFolder: null })[split]();
  const counts = Array.from({ length: classes }, (_, label) => labels.filter((own) => own === label).length);
  expect(counts).toEqual(counts.map(() => count / classes));
});
`;

/** The page for whoever goes on from here. */
export function datasetReadme(name: string, commands: string): string {
  return `# ${titleOf(name)}

A dataset for nas-harness, with the recipes of its benchmark table and the protocol to search it by. It works as it is: its images are drawn, and all 6,466 classes of cells are trained on them in a few minutes on two cores.

## Commands

From the folder above this one:

\`\`\`
${commands}
\`\`\`

- \`check\` looks at everything here, and trains one step by each recipe. \`index.test.ts\` makes the same checks with vitest, in a clone of nas-harness or where \`nas-harness\` and \`vitest\` are installed.
- \`table build\` can be interrupted at any time; the same command goes on. It keeps finished trainings in \`tables/build-${name}\`, which may be deleted when the table is made.
- \`run\` finds the table by the protocol's file, which \`plugin.json\` names beside the table. \`leaderboard\` needs \`--table\` for the rows that are computed from it.
- \`nas-harness train 1462 --dataset <this folder>\` trains one cell and shows its curve.

## To fill in

- \`plugin.json\`: title, description, licence of the images, authors; \`paper\` if there is one; size, channels, classes and numbers of images. \`name\` stands in the table's card and in the protocol too. Raise \`version\` whenever an image or a split changes.
- \`index.ts\`: reads the images, never writes, and gives the same ones every time. Files that it brings get a \`checksums.json\` beside them: by file name without \`.gz\`, the SHA-256 of the unpacked content.
- \`recipes/\`: how a cell is trained. \`normalization\` is mean and deviation of the training pixels. Try one with \`train\`, compare several with \`nas-harness table pilot\`, and see that cells differ by more than the seed does. Images must be a multiple of 4 pixels in height and width.
- \`table-plan.json\`: the table's name, its recipes and their seeds. One seed each is quick; with \`"seeds": [1, 2]\` an evaluation is one of two trainings, as noisy as it would be for real. The same \`table build\` with \`--overwrite\` trains what is new. \`cost\` is made up here: \`nas-harness table cost\` measures it.
- \`protocol.json\`: searches by the recipe \`short\`, reports after \`full\`. \`budget.limit\` is 100 times the mean cost of an evaluation; \`check\` says how many it pays for, so correct it after a change of recipes, images or \`cost\`. Raise \`version\` whenever a score may move.
- This page: where the images come from, how they were made, and their licence.

## Passing it on

The folder is all there is to it; \`table/\` and \`protocol.json\` go with it. Node.js takes the types off \`index.ts\` when it loads it, but not inside of \`node_modules\`: a package on npm needs JavaScript, \`"entry": "index.js"\` in \`plugin.json\`, and a \`package.json\` with \`"type": "module"\`, a name and a version, not \`"private"\`.
`;
}
