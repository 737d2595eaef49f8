import { existsSync } from "node:fs";
import path from "node:path";

/** Where the Debian package `dataset-fashion-mnist` puts the official files. */
export const FASHION_MNIST_FOLDER = "/usr/share/datasets/fashion-mnist";

/** True where that package is installed. */
export const hasFashionMnist: boolean = existsSync(path.join(FASHION_MNIST_FOLDER, "train-images-idx3-ubyte.gz"));

/** A title that says why a block is skipped, for `describe.skipIf(!hasFashionMnist)` or `test.skipIf`. */
export function needsFashionMnist(title: string): string {
  return hasFashionMnist ? title : `${title} (needs the Debian package dataset-fashion-mnist, not installed)`;
}
