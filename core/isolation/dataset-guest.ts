/** Entry of the process that reads a dataset's images apart from the harness: they go to stdout, one split after another. */
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { formatError, HarnessError, messageOf } from "../errors/harness-error.ts";
import { openUncheckedDataset, SPLIT_NAMES } from "../plugins/dataset-splits.ts";
import { readManifest } from "../plugins/manifest.ts";
import { imageShapeFaults } from "../training/image-set.ts";

const { folder } = JSON.parse(process.argv[2] ?? "{}") as { folder: string };

// stdout belongs to the images. What a plugin prints is for people and goes to stderr.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

function send(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // A copy: a plugin may reuse its array for the next split.
    write(Buffer.from(bytes), (error) => (error ? reject(error) : resolve()));
  });
}

try {
  // Not located: where built-in plugins lie is out of sight here.
  const manifest = readManifest(folder) as DatasetManifest;
  const { images: shape, name } = manifest;
  const splits = await openUncheckedDataset({ folder, manifest, origin: "path" }, null);
  for (const split of SPLIT_NAMES) {
    const images = splits[split]();
    const faults = imageShapeFaults(images, { ...shape, count: shape[split] });
    if (faults.length > 0) {
      throw new HarnessError("NAS_DATASET", { what: `${split} of ${name}: ${faults.join("; ")}` });
    }
    await send(images.pixels);
    await send(images.labels);
  }
  process.exit(0);
} catch (thrown) {
  process.stderr.write(`${thrown instanceof HarnessError ? formatError(thrown) : messageOf(thrown)}\n`);
  process.exit(3);
}
