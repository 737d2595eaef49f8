import path from "node:path";
import { MANIFEST_NAME } from "../plugins/manifest.ts";
import { isInHarness, PACKAGE, PACKAGE_NAME } from "./harness-place.ts";
import { documentText } from "./json-text.ts";
import type { Language } from "./languages.ts";
import { nextCommands, pythonTestCommand, testCommand } from "./next-commands.ts";
import { checkNewName } from "./plugin-names.ts";
import { PROGRAM, programTest, pythonReadme } from "./python-files.ts";
import { algorithmManifest } from "./scaffold-manifest.ts";
import { ENTRY, entryTest, typescriptReadme } from "./typescript-files.ts";

/**
 * The files of a new algorithm that works: a small local search with one option.
 * @param name the method's id
 * @param folder where they are to go; its last part stands in the commands of the README
 * @returns text by file name, the manifest first
 * @throws NAS_USAGE if the name is none, or that of a built-in method
 */
export function algorithmScaffold(name: string, language: Language, folder: string): Map<string, string> {
  checkNewName("algorithm", name);
  const method = path.basename(path.resolve(folder));
  if (language === "python") {
    return new Map([
      [MANIFEST_NAME, documentText(algorithmManifest(name, { runtime: "process", command: ["python3", "search.py"] }))],
      ["search.py", PROGRAM],
      ["test_search.py", programTest(name)],
      ["README.md", pythonReadme(name, [...nextCommands(method), pythonTestCommand(method)].join("\n"))],
    ]);
  }
  return new Map<string, string>([
    [MANIFEST_NAME, documentText(algorithmManifest(name, { entry: "index.ts" }))],
    ["index.ts", ENTRY],
    ["index.test.ts", entryTest(name)],
    ...(isInHarness(folder) ? [] : [[PACKAGE_NAME, PACKAGE] as const]),
    ["README.md", typescriptReadme(name, [...nextCommands(method), testCommand(method)].join("\n"))],
  ]);
}
