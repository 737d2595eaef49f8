import * as validators from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { builtInMethods, builtInPlugins } from "../plugins/plugin-location.ts";
import { builtInProtocols } from "../protocols/protocol-file.ts";
import { datasetManifest } from "./dataset-documents.ts";
import { algorithmManifest } from "./scaffold-manifest.ts";

/** What `new` can start. */
export type NewKind = "algorithm" | "dataset";

const LONGEST_NAME = 64;

interface NameRules {
  /** Whether the manifest's schema takes a name: asked of the schema itself, so that there is no second pattern. */
  readonly isName: (name: string) => boolean;
  /** What bears each name that is taken. */
  readonly taken: () => ReadonlyMap<string, string>;
}

const named = (names: readonly string[], what: string) => names.map((name) => [name, what] as const);

const RULES: Readonly<Record<NewKind, NameRules>> = {
  algorithm: {
    isName: (name) => validators.algorithmManifest(algorithmManifest(name, { entry: "index.ts" })),
    taken: () => new Map(named(builtInMethods(), "method")),
  },
  dataset: {
    isName: (name) => validators.datasetManifest(datasetManifest(name)),
    // Its protocol is called as the dataset is.
    taken: () => new Map([...named(builtInProtocols(), "protocol"), ...named(builtInPlugins("dataset"), "dataset")]),
  },
};

/** The nearest name that is allowed and free, or null if nothing of the text can be kept. */
function suggestionFor(text: string, isName: NameRules["isName"], taken: ReadonlyMap<string, string>): string | null {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    // Takes accents off their letters.
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  const name = words.replace(/^-/, "").slice(0, LONGEST_NAME).replace(/-$/, "");
  const free = taken.has(name) ? `my-${name}` : name;
  return isName(free) ? free : null;
}

/**
 * Demands that a new plugin can have this name: one that the manifest's schema allows and that nothing built in has which
 * it could be taken for.
 * @throws NAS_USAGE with a name that would do, if one can be made of it
 */
export function checkNewName(kind: NewKind, name: string): void {
  const { isName, taken: takenNames } = RULES[kind];
  const taken = takenNames();
  const bearer = taken.get(name);
  if (isName(name) && bearer === undefined) return;
  const suggestion = suggestionFor(name, isName, taken);
  const example = kind === "algorithm" ? "my-method" : "my-dataset";
  const article = kind === "algorithm" ? "an" : "a";
  throw new HarnessError("NAS_USAGE", {
    what:
      bearer === undefined
        ? `${JSON.stringify(name)} can't be the name of ${article} ${kind}`
        : `${name} is a built-in ${bearer}`,
    where: `new ${kind} <name>`,
    allowed:
      bearer === undefined
        ? `lower-case letters, digits and single hyphens between them, at most ${LONGEST_NAME} characters, such as ${example}`
        : `any name but ${[...taken.keys()].join(", ")}`,
    next: suggestion === null ? "choose another name" : `nas-harness new ${kind} ${suggestion}`,
  });
}
