import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { algorithmScaffold } from "../../core/scaffold/algorithm-scaffold.ts";
import { LANGUAGES } from "../../core/scaffold/languages.ts";
import { commandFaults, readGuide } from "../helpers/guide.ts";
import { excerptFaults } from "../helpers/guide-excerpt.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";

const first = readGuide("docs/guides/first-algorithm.md");
const submit = readGuide("docs/guides/submit.md");
const dataset = readGuide("docs/guides/first-dataset.md");

describe.each([first, submit, dataset])("$name", (guide) => {
  test("names only commands and options that there are", () => {
    const commands = [...guide.commands, ...guide.mentions];
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.flatMap((command) => commandFaults(command).map((fault) => [command.line, fault]))).toEqual([]);
  });

  test("leads to files and headings that there are", () => {
    const prose = guide.text.replaceAll(/`[^`]*`/g, "");
    for (const [, target = ""] of prose.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith("https://")) continue;
      const [file = "", heading] = target.split("#");
      const place = file === "" ? path.join(REPOSITORY, guide.name) : path.join(REPOSITORY, "docs/guides", file);
      expect(existsSync(place), target).toBe(true);
      if (heading === undefined) continue;
      const headings = [...readFileSync(place, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
        text
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(headings, target).toContain(heading);
    }
  });
});

const VERIFY = path.join(REPOSITORY, "core/verify");

/** Names of the checks that files of core/verify make. */
function checksIn(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const source = readFileSync(path.join(VERIFY, file), "utf8");
    const names = [...source.matchAll(/\.make\(\{\s*name: "([a-z-]+)"/g)].map(([, name]) => name as string);
    // A check whose name stands elsewhere would be overlooked.
    expect(names).toHaveLength(source.split(".make({").length - 1);
    return names;
  });
}

const DATASET_FILE = "dataset-verification.ts";
const datasetChecks = () => checksIn([DATASET_FILE]);
/** Names of the checks of a method's submission. */
const methodChecks = () =>
  checksIn(
    readdirSync(VERIFY)
      .filter((file) => file.endsWith(".ts") && file !== DATASET_FILE)
      .sort(),
  );

/** First columns of the tables below a heading of submit.md, as far as they are names of checks. */
function checksBelow(heading: string): string[] {
  const section = submit.text.split(`\n### ${heading}\n`)[1]?.split(/\n##/)[0] ?? "";
  return [...section.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name as string);
}

test("submit.md names every check that verification makes, and no other", () => {
  const method = methodChecks();
  const [ofFiles, ofMethod] = [checksBelow("Of the files"), checksBelow("Of a method's runs")];
  expect(new Set([...ofFiles, ...ofMethod])).toEqual(new Set(method));
  expect(ofFiles.length + ofMethod.length).toBe(method.length);
  expect(checksBelow("Of a dataset")).toEqual(datasetChecks().filter((name) => name !== "schema"));
});

test("first-algorithm.md shows every check that verification of a folder makes, as passed", () => {
  const made = methodChecks();
  const shown = first.blocks
    .filter(({ language, text }) => language === "text" && text.includes("VERIFIED"))
    .flatMap(({ text }) => [...text.matchAll(/^passed {2}([a-z-]+): /gm)].map(([, name]) => name as string));
  expect(shown.toSorted()).toEqual(made.filter((name) => name !== "touched-files").toSorted());
});

test.each(LANGUAGES)("the files that first-algorithm.md changes are files of the scaffold in %s", (language) => {
  const files = algorithmScaffold("my-method", language, "my-method");
  const extension = language === "python" ? ".py" : ".ts";
  const changed = first.blocks.flatMap(({ file }) => (file?.endsWith(extension) ? [file] : []));
  expect(changed).toHaveLength(1);
  for (const file of changed) expect([...files.keys()]).toContain(path.posix.relative("my-method", file));
});

test("excerpts are compared line by line, in order", () => {
  const printed = "a  1\n\n  b 2 (3)\nc\n";
  expect(excerptFaults("a 1\nb … (3)\n\nc\n", printed)).toEqual([]);
  expect(excerptFaults("c\na 1\n", printed)).toEqual([expect.stringMatching(/^"a 1" was not printed/)]);
  expect(excerptFaults("b 2 .3.\n", printed)).toHaveLength(1);
});
