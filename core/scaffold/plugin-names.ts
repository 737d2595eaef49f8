import * as validators from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { builtInMethods } from "../plugins/plugin-location.ts";
import { algorithmManifest } from "./scaffold-manifest.ts";

const LONGEST_NAME = 64;

/** Whether the manifest's schema takes a name: asked of the schema itself, so that there is no second pattern. */
function isName(name: string): boolean {
  return validators.algorithmManifest(algorithmManifest(name, { entry: "index.ts" }));
}

/** The nearest name that is allowed and free, or null if nothing of the text can be kept. */
function suggestionFor(text: string, taken: readonly string[]): string | null {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    // Takes accents off their letters.
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  const name = words.replace(/^-/, "").slice(0, LONGEST_NAME).replace(/-$/, "");
  const free = taken.includes(name) ? `my-${name}` : name;
  return isName(free) ? free : null;
}

/**
 * Demands that a new algorithm can have this name: one that the manifest's schema allows and that no built-in method has.
 * @throws NAS_USAGE with a name that would do, if one can be made of it
 */
export function checkAlgorithmName(name: string): void {
  const taken = builtInMethods();
  const isTaken = taken.includes(name);
  if (isName(name) && !isTaken) return;
  const suggestion = suggestionFor(name, taken);
  throw new HarnessError("NAS_USAGE", {
    what: isTaken ? `${name} is a built-in method` : `${JSON.stringify(name)} can't be the name of an algorithm`,
    where: "new algorithm <name>",
    allowed: isTaken
      ? `any name but ${taken.join(", ")}`
      : `lower-case letters, digits and single hyphens between them, at most ${LONGEST_NAME} characters, such as my-method`,
    next: suggestion === null ? "choose another name" : `nas-harness new algorithm ${suggestion}`,
  });
}
