import path from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvField, escapeLatex, escapeMarkdown } from "../../../leaderboard/generator/text.ts";

/** The script's own escapes, as a browser would load them. */
const FILE = path.join(import.meta.dirname, "../../../leaderboard/site/assets/page/text-formats.js");
const script = (await import(pathToFileURL(FILE).href)) as Record<
  "csvField" | "escapeLatex" | "escapeMarkdown",
  (text: string) => string
>;

const SIGNS = [..."\\`*_[]<>&|~$#+-=@%^{}\"'±−–,;\r\n\t 🙂שa1"];
const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...SIGNS) }));

test("the script escapes text for its copies as the written files do", () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(script.csvField(value)).toBe(csvField(value));
      expect(script.escapeLatex(value)).toBe(escapeLatex(value));
      expect(script.escapeMarkdown(value)).toBe(escapeMarkdown(value));
    }),
    { numRuns: 2000 },
  );
});
