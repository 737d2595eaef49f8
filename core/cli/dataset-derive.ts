import { existsSync } from "node:fs";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFilesAtomic } from "../files/atomic-file.ts";
import type { Derivation } from "../plugins/dataset.ts";
import { checkedImages, locateDataset, openDataset, SPLIT_NAMES, type SplitName } from "../plugins/dataset-splits.ts";
import { loadDataset } from "../plugins/plugin-module.ts";
import { pack, sha256Of } from "../training/idx-file.ts";
import { encodeIdxImages, encodeIdxLabels } from "../training/idx-format.ts";
import type { ImageSet } from "../training/image-set.ts";
import { columns, print, printJson, remark } from "./terminal.ts";

/** What the command line gives to `dataset derive`. */
export interface DeriveFlags {
  from: string;
  output?: string;
  check?: true;
  overwrite?: true;
  json?: true;
}

/** Name of the file with the checksums, beside the images. */
const CHECKSUMS_NAME = "checksums.json";

/** A derived file. */
interface DerivedFile {
  /** Its name unpacked; packed, `.gz` is added. */
  readonly name: string;
  readonly sha256: string;
  /** Bytes unpacked. */
  readonly bytes: number;
  /** Bytes of the gzip file. */
  readonly packedBytes: number;
}

/** A derived file with its packed content. */
type PackedFile = DerivedFile & { readonly packed: Uint8Array };

function packedFiles(split: SplitName, images: ImageSet): PackedFile[] {
  const contents = { images: encodeIdxImages(images), labels: encodeIdxLabels(images) };
  return (["images", "labels"] as const).map((kind) => {
    const content = contents[kind];
    const packed = pack(content);
    const { length: packedBytes } = packed;
    return { name: `${split}-${kind}.idx`, sha256: sha256Of(content), bytes: content.length, packedBytes, packed };
  });
}

/** The first image that differs in pixels or label, or -1. */
function firstDifference(first: ImageSet, second: ImageSet): number {
  const perImage = first.size * first.size * first.channels;
  const pixel = first.pixels.findIndex((value, at) => value !== second.pixels[at]);
  const label = first.labels.findIndex((value, at) => value !== second.labels[at]);
  const found = [...(pixel < 0 ? [] : [Math.floor(pixel / perImage)]), ...(label < 0 ? [] : [label])];
  return found.length === 0 ? -1 : Math.min(...found);
}

/** The splits of a derived dataset, made again. Gives them one at a time: all together would take much memory. */
async function* derivedSplits(
  manifest: DatasetManifest,
  { from, transform }: Derivation,
  folder: string,
  dataFolder: string,
): AsyncGenerator<{ split: SplitName; images: ImageSet }> {
  const source = await openDataset(locateDataset(from, folder), dataFolder);
  for (const split of SPLIT_NAMES) {
    const before = source[split]();
    yield { split, images: checkedImages(manifest, split, `derivation (${split})`, () => transform(before)) };
  }
}

function refuseWrongUse({ output, check }: DeriveFlags): void {
  if ((output === undefined) === (check === true)) return;
  throw new HarnessError("NAS_USAGE", {
    what: output === undefined ? "nothing says what to do with the images" : "--check writes nothing",
    where: "dataset derive",
    allowed: "either --output <folder> or --check",
    next: "nas-harness dataset derive --help",
  });
}

function refuseToReplace(folder: string): void {
  if (!existsSync(path.join(folder, CHECKSUMS_NAME))) return;
  throw new HarnessError("NAS_OUTPUT_EXISTS", {
    what: "the folder holds the images of a dataset already",
    where: folder,
    next: "name another --output, or add --overwrite to replace them",
  });
}

/** Writes the files and their checksums. @throws NAS_WRITE_FAILED */
function writeDerived(folder: string, files: readonly PackedFile[]): void {
  const checksums = Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));
  writeFilesAtomic(
    new Map<string, string | Uint8Array>([
      ...files.map(({ name, packed }) => [path.join(folder, `${name}.gz`), packed] as const),
      [path.join(folder, CHECKSUMS_NAME), `${JSON.stringify(checksums, null, 2)}\n`],
    ]),
  );
}

function table(files: readonly DerivedFile[]): string {
  const rows = files.map(({ name, bytes, packedBytes, sha256 }) => [name, `${bytes}`, `${packedBytes}`, sha256]);
  return columns([["file", "bytes", "packed", "SHA-256 of the unpacked content"], ...rows]);
}

/**
 * The action of `dataset derive`.
 * @throws NAS_USAGE, NAS_OUTPUT_EXISTS, NAS_IMAGES (also if --check finds a difference), NAS_DATASET, NAS_WRITE_FAILED,
 * NAS_PLUGIN_NOT_FOUND, NAS_PLUGIN_MANIFEST, NAS_PLUGIN_ENTRY
 */
export async function deriveDataset(name: string, flags: DeriveFlags): Promise<void> {
  refuseWrongUse(flags);
  const plugin = locateDataset(name);
  const { manifest } = plugin;
  const { derivation } = await loadDataset(plugin);
  if (derivation === null) {
    throw new HarnessError("NAS_USAGE", {
      what: `dataset ${manifest.name} is not derived from another one`,
      where: "dataset derive",
      next: "name a dataset whose entry has a derivation, such as fashion-mnist-8x8",
    });
  }
  const { output } = flags;
  if (output !== undefined && flags.overwrite !== true) refuseToReplace(output);
  const own = flags.check === true ? await openDataset(plugin) : null;
  const files: PackedFile[] = [];
  const differences: string[] = [];
  for await (const { split, images } of derivedSplits(manifest, derivation, plugin.folder, flags.from)) {
    files.push(...packedFiles(split, images));
    const first = own === null ? -1 : firstDifference(images, own[split]());
    if (first >= 0) differences.push(`${split}: image ${first} is the first that differs`);
  }
  if (differences.length > 0) {
    throw new HarnessError("NAS_IMAGES", {
      what: `the derived images are not those of ${manifest.name}`,
      where: differences.map((difference) => `- ${difference}`).join("\n"),
      next: "raise the dataset's version if the derivation was changed, and derive its files again",
    });
  }
  if (output !== undefined) writeDerived(output, files);
  const derived: DerivedFile[] = files.map(({ packed: _, ...file }) => file);
  const { version } = manifest;
  if (flags.json === true) {
    printJson({ dataset: manifest.name, version, source: derivation.from, folder: output ?? null, files: derived });
    return;
  }
  print(table(derived));
  remark(
    output === undefined
      ? `the images are those of ${manifest.name} ${version}`
      : `wrote ${files.length} files and ${CHECKSUMS_NAME} to ${output}`,
  );
}
