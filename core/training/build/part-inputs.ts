import { createHash } from "node:crypto";
import { hashOf } from "../../random/seed.ts";
import { SPLITS, type SplitImages } from "../trial.ts";
import type { BuildPart } from "./build-plan.ts";

/** A part with the fingerprint of everything that its trainings are made from. */
export interface FingerprintedPart extends BuildPart {
  /** 16 hexadecimal digits; other recipes, seeds or images have other ones. */
  readonly inputs: string;
}

/** JSON with sorted keys: the order in which a recipe's file names its fields decides nothing. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function imagesHash(images: SplitImages): string {
  const hash = createHash("sha256");
  for (const split of SPLITS) {
    const { pixels, labels, count, size, channels, classes } = images[split];
    hash
      .update(JSON.stringify([split, count, size, channels, classes]))
      .update(pixels)
      .update(labels);
  }
  return hash.digest("hex");
}

/** Adds the fingerprints, by which trainings of an older recipe or of other images are told apart from a part's own. */
export function fingerprintParts(parts: readonly BuildPart[], images: SplitImages): FingerprintedPart[] {
  const ofImages = imagesHash(images);
  return parts.map((part) => {
    const { recipe, seed } = part;
    // Names decide nothing either.
    const { id: _, title: __, $schema: ___, ...settings } = recipe;
    const inputs = hashOf(["nas-harness/training-inputs", sortedJson(settings), seed, ofImages]).slice(0, 16);
    return { ...part, inputs };
  });
}
