import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { guestCommand } from "../../core/isolation/guest-command.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A program that nobody starts. */
function writeProgram(...place: string[]): string {
  const file = path.join(...place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return file;
}

/** Has programs looked up in these folders only. */
function lookIn(...folders: string[]): void {
  const before = process.env.PATH;
  process.env.PATH = folders.join(path.delimiter);
  onTestFinished(() => {
    process.env.PATH = before;
  });
}

/** A plugin in a folder of its own, below one that holds more. */
function writeCaller(command: readonly string[]): { root: string; folder: string } {
  const root = realpathSync(temporaryFolder());
  const manifest = algorithmManifest({ entry: undefined, runtime: "process", command });
  return { root, folder: writePlugin(path.join(root, "made-up"), manifest, null) };
}

/** The words of a box's program, and what the box shows besides the system. */
function boxOf(folder: string): { words: string[]; shown: string[] } {
  const { args } = guestCommand(locateAlgorithm(folder), { enclosure: "box", memoryLimitMb: 300 });
  const end = args.indexOf("--");
  const shown = args.slice(0, end).flatMap((word, at) => (word === "--ro-bind" ? [args[at + 1] as string] : []));
  return { words: args.slice(end + 1), shown };
}

test("a bare name is looked up in $PATH, and the first that is there counts", () => {
  const { root, folder } = writeCaller(["made-up", "--fast", "a b"]);
  const [first, second] = [writeProgram(root, "one/bin/made-up"), writeProgram(root, "two/bin/made-up")];
  lookIn(path.join(root, "nowhere"), path.dirname(first), path.dirname(second));
  expect(boxOf(folder).words).toEqual([first, "--fast", "a b"]);
});

test("a bare name is not looked up in the plugin's folder", () => {
  const { root, folder } = writeCaller(["search"]);
  writeProgram(folder, "search");
  lookIn(root);
  expect(harnessErrorOf(() => boxOf(folder)).code).toBe("NAS_PLUGIN_ENTRY");
});

test("a name with a slash is looked up from the plugin's folder, an absolute one as it is", () => {
  const own = writeCaller(["bin/search"]);
  const program = writeProgram(own.folder, "bin/search");
  expect(boxOf(own.folder).words).toEqual([program]);
  expect(boxOf(writeCaller(["/bin/sh", "search.sh"]).folder).words).toEqual(["/bin/sh", "search.sh"]);
});

test("an interpreter is shown with its library, also where a link to it lies elsewhere", () => {
  const { root, folder } = writeCaller(["made-up"]);
  const real = writeProgram(root, "python-3/bin/made-up");
  mkdirSync(path.join(root, "shims/bin"), { recursive: true });
  symlinkSync(real, path.join(root, "shims/bin/made-up"));
  lookIn(path.join(root, "shims/bin"));
  expect(boxOf(folder).shown).toEqual(expect.arrayContaining([path.join(root, "python-3"), path.join(root, "shims")]));
});

test("a program of the plugin's own shows nothing beside the plugin's folder", () => {
  for (const command of ["./search", "bin/search"]) {
    const { root, folder } = writeCaller([command]);
    writeProgram(folder, command);
    const { shown } = boxOf(folder);
    expect(shown).toContain(folder);
    expect(shown.filter((place) => place === root || root.startsWith(`${place}${path.sep}`))).toEqual([]);
  }
});

test.each(["./search", "../search", "/nowhere/search", "made-up-program"])("without its program %s", (command) => {
  const { folder } = writeCaller([command]);
  const { code, details } = harnessErrorOf(() => boxOf(folder));
  expect(code).toBe("NAS_PLUGIN_ENTRY");
  expect(details.what).toBe(
    `the program "${command}" that the plugin's command names is not there, or can't be executed`,
  );
  expect(details.where).toBe(folder);
});

test.each(["box", "process"] as const)("a link out of the folder keeps the plugin from a %s", (enclosure) => {
  const { root, folder } = writeCaller(["/bin/sh"]);
  symlinkSync(root, path.join(folder, "data"));
  const { code } = harnessErrorOf(() => guestCommand(locateAlgorithm(folder), { enclosure, memoryLimitMb: 300 }));
  expect(code).toBe("NAS_ISOLATION");
});
