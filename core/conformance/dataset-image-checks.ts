import { SPLIT_NAMES } from "../plugins/dataset-splits.ts";
import { sha256Of } from "../training/idx-file.ts";
import { countByClass, labelFaults, selectImages } from "../training/image-set.ts";
import type { SplitImages } from "../training/trial.ts";
import { digestsInProcess } from "./dataset-digests.ts";
import { type DatasetSubject, digestOf, readImages, type SplitDigests } from "./dataset-subject.ts";
import type { Check, Finding } from "./finding.ts";

/** Why a check that needs the images did not look. */
export const NEEDS_IMAGES = "the images can't be read, or are not of the manifest's shape";

function differences(first: SplitDigests, other: SplitDigests, when: string): string[] {
  return SPLIT_NAMES.filter((split) => first[split] !== other[split]).map((split) => `${split} is another one ${when}`);
}

async function sameTwice(subject: DatasetSubject): Promise<Finding> {
  const { images, digests } = await subject.read();
  if (images === null || digests === null) return { skipped: NEEDS_IMAGES };
  const now = Object.fromEntries(SPLIT_NAMES.map((split) => [split, digestOf(images[split])])) as SplitDigests;
  const faults = differences(digests, now, "after the other splits were read: each needs arrays of its own");
  const again = await readImages(subject.plugin, subject.from);
  const fresh = await digestsInProcess(subject);
  for (const [{ faults: found, digests: other }, when] of [
    [again, "when it is read again"],
    [fresh, "in a fresh process"],
  ] as const) {
    faults.push(...found.map((fault) => `${when}: ${fault}`));
    if (other !== null) faults.push(...differences(digests, other, when));
  }
  return { faults };
}

/** Where an image was seen first. */
interface Place {
  readonly split: string;
  readonly at: number;
}

/** Images in two splits are faults; images twice in one are remarks. Both are counted, and the first of each is named. */
export function repeatedImages(images: SplitImages): { faults: string[]; remarks: string[] } {
  const places = new Map<string, Place>();
  const found = new Map<string, { count: number; first: string }>();
  for (const split of SPLIT_NAMES) {
    for (let at = 0; at < images[split].count; at++) {
      const digest = sha256Of(selectImages(images[split], at, at + 1).pixels);
      const before = places.get(digest);
      if (before === undefined) {
        places.set(digest, { split, at });
        continue;
      }
      const key = before.split === split ? split : `${before.split} and ${split}`;
      const { count, first } = found.get(key) ?? { count: 0, first: `${before.split} ${before.at} and ${split} ${at}` };
      found.set(key, { count: count + 1, first });
    }
  }
  const told = [...found].map(([key, { count, first }]) => ({ key, text: `${count} (the first: ${first})` }));
  const isPair = ({ key }: { key: string }) => key.includes(" ");
  return {
    faults: told.filter(isPair).map(({ key, text }) => `images of both ${key}: ${text}`),
    remarks: told.filter((one) => !isPair(one)).map(({ key, text }) => `images of ${key} that it has already: ${text}`),
  };
}

function wrongLabels(images: SplitImages): string[] {
  return SPLIT_NAMES.flatMap((split) => {
    const { labels, classes } = images[split];
    const faults = labelFaults(labels, classes);
    const missing = countByClass(images[split])
      .slice(0, classes)
      .flatMap((count, label) => (count === 0 ? [label] : []));
    if (missing.length > 0) faults.push(`there is no image of class ${missing.join(", ")}`);
    return faults.map((fault) => `${split}: ${fault}`);
  });
}

/** The images if they can be trained on, with labels that are classes; null otherwise. */
export async function trainableImages(subject: DatasetSubject): Promise<SplitImages | null> {
  const { images } = await subject.read();
  const isFine =
    images !== null &&
    SPLIT_NAMES.every((split) => labelFaults(images[split].labels, images[split].classes).length === 0);
  return isFine ? images : null;
}

/** The checks of a dataset's images, in the order in which they are made. */
export const IMAGE_CHECKS: readonly Check<DatasetSubject>[] = [
  {
    name: "images",
    title: "every split can be read and has the shape and number of images that the manifest states",
    find: async (subject) => {
      if (subject.plugin.manifest.entry === undefined)
        return { skipped: "the manifest names no entry: it brings no images" };
      return { faults: (await subject.read()).faults };
    },
  },
  {
    name: "same-twice",
    title: "the images are the same when they are read again, also in a fresh process",
    find: sameTwice,
  },
  {
    name: "disjoint",
    title: "no image is in two splits",
    find: async (subject) => {
      const { images } = await subject.read();
      return images === null ? { skipped: NEEDS_IMAGES } : repeatedImages(images);
    },
  },
  {
    name: "labels",
    title: "every label is a class, and every class is in every split",
    find: async (subject) => {
      const { images } = await subject.read();
      return images === null ? { skipped: NEEDS_IMAGES } : { faults: wrongLabels(images) };
    },
  },
];
