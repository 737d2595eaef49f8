import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { MANIFEST_NAME } from "../plugins/manifest.ts";
import type { Language } from "./languages.ts";
import { nextCommands, testCommand } from "./next-commands.ts";
import { checkAlgorithmName } from "./plugin-names.ts";
import { PROGRAM, pythonReadme } from "./python-files.ts";
import { algorithmManifest, manifestText } from "./scaffold-manifest.ts";
import { ENTRY, entryTest, PACKAGE, typescriptReadme } from "./typescript-files.ts";

const PACKAGE_NAME = "package.json";
const HARNESS_FOLDER = path.join(import.meta.dirname, "../..");

/** Whether a folder is part of the harness's own package, as one in a clone is. It need not exist. */
function isInHarness(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, PACKAGE_NAME))) return realpathSync(at) === HARNESS_FOLDER;
    if (at === path.dirname(at)) return false;
  }
}

/**
 * The files of a new algorithm that works: a small local search with one option.
 * @param name the method's id
 * @param folder where they are to go; its last part stands in the commands of the README. In a clone there is no
 * package.json: with one of its own, the folder would not find "nas-harness", which the clone is
 * @returns text by file name, the manifest first
 * @throws NAS_USAGE if the name is none, or that of a built-in method
 */
export function algorithmScaffold(name: string, language: Language, folder: string): Map<string, string> {
  checkAlgorithmName(name);
  const method = path.basename(path.resolve(folder));
  if (language === "python") {
    return new Map([
      [MANIFEST_NAME, manifestText(algorithmManifest(name, { runtime: "process", command: ["python3", "search.py"] }))],
      ["search.py", PROGRAM],
      ["README.md", pythonReadme(name, nextCommands(method).join("\n"))],
    ]);
  }
  return new Map<string, string>([
    [MANIFEST_NAME, manifestText(algorithmManifest(name, { entry: "index.ts" }))],
    ["index.ts", ENTRY],
    ["index.test.ts", entryTest(name)],
    ...(isInHarness(folder) ? [] : [[PACKAGE_NAME, PACKAGE] as const]),
    ["README.md", typescriptReadme(name, [...nextCommands(method), testCommand(method)].join("\n"))],
  ]);
}
