import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A complete algorithm manifest with one option; `overrides` replaces fields, and undefined removes one. */
export function algorithmManifest(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const manifest: Record<string, unknown> = {
    kind: "algorithm",
    apiVersion: 1,
    name: "made-up",
    version: "1.0.0",
    title: "Made-up",
    description: "A method for tests.",
    licence: "MIT",
    authors: ["A. Tester"],
    entry: "index.ts",
    options: {
      type: "object",
      additionalProperties: false,
      properties: { size: { type: "integer", minimum: 1, default: 10, description: "Size." } },
    },
    ...overrides,
  };
  for (const [key, value] of Object.entries(manifest)) if (value === undefined) delete manifest[key];
  return manifest;
}

/** An entry that proposes random architectures while the budget lasts. */
export const RANDOM_SEARCH_SOURCE = `import { defineAlgorithm, propose } from "nas-harness";

export default defineAlgorithm({
  search: function* ({ space, random, budget, maxEpochs }) {
    while (budget.affords(maxEpochs)) yield propose(space.sample(random), maxEpochs);
  },
});
`;

/**
 * Writes a plugin's folder: `plugin.json` and its entry.
 * @param manifest what {@link algorithmManifest} makes, or anything broken; text is written as it is
 * @param source text of the entry; null: no entry file
 * @returns the folder
 */
export function writePlugin(
  folder: string,
  manifest: Readonly<Record<string, unknown>> | string = algorithmManifest(),
  source: string | null = RANDOM_SEARCH_SOURCE,
): string {
  mkdirSync(folder, { recursive: true });
  const text = typeof manifest === "string" ? manifest : JSON.stringify(manifest, null, 2);
  writeFileSync(path.join(folder, "plugin.json"), text);
  const entry = typeof manifest === "string" ? undefined : manifest.entry;
  if (source !== null) writeFileSync(path.join(folder, typeof entry === "string" ? entry : "index.ts"), source);
  return folder;
}
