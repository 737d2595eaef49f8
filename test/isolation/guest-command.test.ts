import { chmodSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Enclosure,
  type GuestCommand,
  type GuestSettings,
  guestCommand,
} from "../../core/isolation/guest-command.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { setVariables } from "../helpers/variables.ts";

type Kind = "node" | "program";

function writeKind(kind: Kind): string {
  const folder = path.join(realpathSync(temporaryFolder()), "made-up");
  if (kind === "node") return writePlugin(folder);
  const command = ["made-up-interpreter", "search.py"];
  return writePlugin(folder, algorithmManifest({ entry: undefined, runtime: "process", command }), null);
}

/** Has programs looked up in a folder of the test's own, and returns the one there, which nobody starts. */
function installInterpreter(): string {
  const file = path.join(realpathSync(temporaryFolder()), "prefix/bin/made-up-interpreter");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  setVariables({ PATH: path.dirname(file) });
  return file;
}

function commandOf(folder: string, enclosure: Enclosure, more: Partial<GuestSettings> = {}): GuestCommand {
  return guestCommand(locateAlgorithm(folder), { enclosure, memoryLimitMb: 300, ...more });
}

/** What a command lets its process read, besides the system. */
function readableOf({ args }: GuestCommand): string[] {
  const shown = args.flatMap((word, at) => (word.startsWith("--ro-bind") ? [args[at + 1] as string] : []));
  const allowed = args.flatMap((word) =>
    word.startsWith("--allow-fs-read=") ? [word.slice(word.indexOf("=") + 1)] : [],
  );
  return [...shown, ...allowed].map((place) => path.resolve(place));
}

const isWithin = (place: string, folder: string) => !path.relative(folder, place).startsWith("..");

/** Demands that a command shows nothing that a method must not see. */
function expectNothingSecret(command: GuestCommand): void {
  for (const place of readableOf(command)) {
    expect(isWithin(REPOSITORY, place), `${place} is or holds the repository`).toBe(false);
    for (const secret of ["tables", "results", "plugins/datasets"].map((name) => path.join(REPOSITORY, name))) {
      expect(isWithin(secret, place) || isWithin(place, secret), `${place} shows ${secret}`).toBe(false);
    }
  }
}

const COMMON = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/tmp", LANG: "C.UTF-8", TZ: "UTC" };
const PYTHON = {
  PYTHONPATH: path.join(REPOSITORY, "clients/python"),
  PYTHONHASHSEED: "0",
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONUNBUFFERED: "1",
};
const kinds: [Kind, Enclosure][] = [
  ["node", "process"],
  ["node", "box"],
  ["program", "process"],
  ["program", "box"],
];

describe.each(kinds)("the command of a %s plugin in a %s", (kind, enclosure) => {
  test("works in the plugin's folder with the documented environment and no other", () => {
    installInterpreter();
    const folder = writeKind(kind);
    const { cwd, env, args } = commandOf(folder, enclosure);
    expect(cwd).toBe(folder);
    expect(env).toEqual(kind === "node" ? COMMON : { ...COMMON, ...PYTHON });
    if (enclosure === "box") expect(args.slice(args.indexOf("--chdir"))[1]).toBe(folder);
  });

  test("starts its program with its own words last", () => {
    const interpreter = installInterpreter();
    const { program, args } = commandOf(writeKind(kind), enclosure, { runtimeSeed: 7 });
    const words = [program, ...args];
    if (kind === "program") expect(words.slice(-2)).toEqual([interpreter, "search.py"]);
    else
      expect(words.slice(words.indexOf(process.execPath))).toEqual(
        expect.arrayContaining(["--permission", "--random-seed=7"]),
      );
    expect(program === "bwrap").toBe(enclosure === "box");
  });

  test("shows the plugin's own folder, but no table, image or result", () => {
    installInterpreter();
    const folder = writeKind(kind);
    const command = commandOf(folder, enclosure);
    expectNothingSecret(command);
    if (kind === "node" || enclosure === "box") expect(readableOf(command)).toContain(folder);
  });

  test.each(["dependencies", "optionalDependencies", "peerDependencies"])("shows no more for hostile %s", (field) => {
    installInterpreter();
    const folder = writeKind(kind);
    const before = readableOf(commandOf(folder, enclosure));
    const up = path.relative(path.join(folder, "node_modules"), REPOSITORY);
    const hostile = ["../../../work/main", "/etc", "nas-harness", ".", "..", "a/../../b", up, REPOSITORY, ""];
    writeFileSync(
      path.join(folder, "package.json"),
      JSON.stringify({ name: "made-up", [field]: Object.fromEntries(hostile.map((name) => [name, "*"])) }),
    );
    // What the names would lead to is there.
    for (const name of ["node_modules/a", "b"]) mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, "b/package.json"), "{}");
    expect(readableOf(commandOf(folder, enclosure))).toEqual(before);
  });
});

describe("a program outside of the system's folders", () => {
  const prefixOf = (interpreter: string) => path.dirname(path.dirname(interpreter));

  test("is shown in a box with the folder that its library is in", () => {
    const interpreter = installInterpreter();
    expect(readableOf(commandOf(writeKind("program"), "box"))).toContain(prefixOf(interpreter));
  });

  test.each([
    ["the user's home folder", (prefix: string) => prefix],
    ["a folder that holds the home folder", (prefix: string) => path.join(prefix, "home/user")],
  ])("is shown alone where that is %s", (_, homeOf) => {
    const interpreter = installInterpreter();
    const prefix = prefixOf(interpreter);
    setVariables({ HOME: homeOf(prefix) });
    const shown = readableOf(commandOf(writeKind("program"), "box"));
    expect(shown).toContain(interpreter);
    expect(shown.filter((place) => isWithin(prefix, place))).toEqual([]);
  });
});

describe("packages that a lock file names", () => {
  test.each<Enclosure>(["process", "box"])("are found by a program in a %s, after the client", (enclosure) => {
    installInterpreter();
    const folder = writeKind("program");
    mkdirSync(path.join(folder, ".python-packages"));
    const command = commandOf(folder, enclosure);
    expect(command.env.PYTHONPATH).toBe(`${PYTHON.PYTHONPATH}:${path.join(folder, ".python-packages")}`);
    if (enclosure === "box") expect(readableOf(command)).toContain(folder);
  });

  test.each<Enclosure>(["process", "box"])("are shown to a Node plugin in a %s with its folder, once", (enclosure) => {
    const folder = writeKind("node");
    const before = readableOf(commandOf(folder, enclosure));
    mkdirSync(path.join(folder, "node_modules/a"), { recursive: true });
    writeFileSync(path.join(folder, "node_modules/a/package.json"), "{}");
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ dependencies: { a: "1" } }));
    expect(before).toContain(folder);
    expect(readableOf(commandOf(folder, enclosure))).toEqual(before);
  });
});
