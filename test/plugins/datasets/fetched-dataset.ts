import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { DatasetSources } from "../../../schemas/generated/dataset-sources.ts";
import { cifarBytes } from "../../helpers/cifar-bytes.ts";
import { type FileServer, startFileServer } from "../../helpers/file-server.ts";
import { tarBytes } from "../../helpers/tar-bytes.ts";
import { datasetManifest, writeDataset } from "./dataset-plugin.ts";

const SOURCE = `import { defineDataset, pickImages, readCifarImageSet, readSplitFile } from "nas-harness";
import sources from "./sources.json" with { type: "json" };

export default defineDataset({
  open: ({ dataFolder }) => {
    const folder = dataFolder ?? "downloads/made-up";
    const next = "nas-harness dataset fetch ./made-up";
    const read = (file) =>
      readCifarImageSet({ folder, files: [file], imagesPerFile: 10, labelBytes: 1, classes: 10, next });
    const part = (name) =>
      pickImages(read("train.bin"), readSplitFile({ folder, file: "split.txt", parts: sources.splits["split.txt"], next })[name]);
    return { train: () => part("train"), valid: () => part("valid"), test: () => read("test.bin") };
  },
});
`;

/** A made-up dataset in the form of CIFAR-10 whose files a server on this machine gives. */
export interface FetchedDataset {
  readonly server: FileServer;
  readonly sources: DatasetSources;
  /** The files that it leaves in the data folder, besides the archive. */
  readonly contents: Readonly<Record<string, Buffer>>;
  /** Writes sources.json again. */
  readonly writeSources: (sources: DatasetSources) => void;
}

/** Writes the plugin into `<cwd>/made-up` and starts the server. */
export async function startFetchedDataset(cwd: string): Promise<FetchedDataset> {
  const labels = Array.from({ length: 10 }, (_, at) => [at]);
  const contents = {
    "train.bin": cifarBytes(labels),
    "test.bin": cifarBytes(labels, 10),
    "split.txt": Buffer.from('{"train": ["int", ["0","2","4","6","8","9"]], "valid": ["int", ["1","3","5","7"]]}'),
  };
  const archive = gzipSync(
    tarBytes([
      { name: "made-up/train.bin", content: contents["train.bin"] },
      { name: "made-up/readme.html", content: Buffer.from("read me") },
      { name: "made-up/test.bin", content: contents["test.bin"] },
    ]),
  );
  const server = await startFileServer({ "images.tar.gz": archive, "split.txt": contents["split.txt"] });
  const member = (name: "train.bin" | "test.bin") => ({
    member: `made-up/${name}`,
    name,
    bytes: contents[name].length,
  });
  const sources: DatasetSources = {
    files: [
      {
        name: "images.tar.gz",
        address: server.address("images.tar.gz"),
        origin: "a test",
        bytes: archive.length,
        sha256: createHash("sha256").update(archive).digest("hex"),
        unpack: [member("train.bin"), member("test.bin")],
      },
      { name: "split.txt", address: server.address("split.txt"), origin: "a test" },
    ],
    splits: { "split.txt": { train: { count: 6, first: [0, 2] }, valid: { count: 4, first: [1] } } },
  };
  const folder = path.join(cwd, "made-up");
  mkdirSync(folder, { recursive: true });
  const images = { size: 32, channels: 3, classes: 10, train: 6, valid: 4, test: 10 };
  writeDataset(folder, datasetManifest({ images }), SOURCE);
  const writeSources = (document: DatasetSources) =>
    writeFileSync(path.join(folder, "sources.json"), JSON.stringify(document));
  writeSources(sources);
  return { server, sources, contents, writeSources };
}
