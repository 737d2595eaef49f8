import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";

/** How the harness starts an algorithm. */
export type Start =
  | { readonly entry: string }
  | { readonly runtime: "process"; readonly command: [string, ...string[]] };

const LONGEST_TITLE = 40;

/** The name as words, such as "My method", as long as a title may be. */
export function titleOf(name: string): string {
  const words = name.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`.slice(0, LONGEST_TITLE).trimEnd();
}

/** The manifest of a new algorithm, in the order in which people read one. */
export function algorithmManifest(name: string, start: Start): AlgorithmManifest {
  return {
    kind: "algorithm",
    apiVersion: 1,
    name,
    version: "0.1.0",
    title: titleOf(name),
    description: "Hill climbing: a random neighbour of the best cell so far; a new start after many failures in a row.",
    licence: "MIT",
    authors: ["Your Name"],
    ...start,
    priors: [],
    options: {
      type: "object",
      additionalProperties: false,
      properties: {
        patience: {
          type: "integer",
          minimum: 1,
          default: 30,
          description: "Neighbours in a row that are no better, before the search starts again at a random cell.",
        },
      },
    },
  };
}
