import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { type InstallOptions, installLockedPackages } from "../../core/isolation/locked-packages.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { setVariables } from "../helpers/variables.ts";

type Kind = "npm" | "pip";

const LOCKS: Readonly<Record<Kind, { program: string; lock: string; place: string; title: string }>> = {
  npm: { program: "npm", lock: "package-lock.json", place: "node_modules", title: "npm ci" },
  pip: { program: "python3", lock: "requirements.txt", place: ".python-packages", title: "pip install" },
};

/** A plugin that locks one package, or none. */
function writeLocked(kind: Kind, isEmpty = false): string {
  const folder = path.join(temporaryFolder(), "locked");
  const { lock } = LOCKS[kind];
  const manifest = { name: "locked", lock, entry: undefined, runtime: "process", command: ["python3", "search.py"] };
  writePlugin(folder, algorithmManifest(manifest), null);
  const root = isEmpty ? {} : { dependencies: { a: "^1.0.0" } };
  const entry = { version: "1.0.0", integrity: `sha512-${"A".repeat(86)}==` };
  const packages = isEmpty ? { "": root } : { "": root, "node_modules/a": entry };
  const requirement = isEmpty ? "# none\n" : `a==1.0.0 --hash=sha256:${"a".repeat(64)}\n`;
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(root));
  writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
  writeFileSync(path.join(folder, "requirements.txt"), requirement);
  return folder;
}

/** Has a script take the place of npm and python3. @returns the folder that it is in, for what it writes down */
function standIn(script: string): string {
  const folder = temporaryFolder();
  for (const { program } of Object.values(LOCKS)) {
    const file = path.join(folder, program);
    writeFileSync(file, `#!/bin/sh\nnotes=${folder}\n${script}\n`);
    chmodSync(file, 0o755);
  }
  setVariables({ PATH: `${folder}:/usr/bin:/bin` });
  return folder;
}

const install = (folder: string, options?: InstallOptions) => installLockedPackages(locateAlgorithm(folder), options);

async function failureOf(action: Promise<unknown>): Promise<HarnessError> {
  const error = await action.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HarnessError);
  return error as HarnessError;
}

/** Demands that a plugin's folder holds what it held, and no half of an installation. */
function expectUntouched(folder: string): void {
  expect(readdirSync(folder).sort()).toEqual(["package-lock.json", "package.json", "plugin.json", "requirements.txt"]);
}

const MAKE_BOTH = "mkdir -p node_modules/a .python-packages/a";

test("a plugin without a lock file has nothing to install", async () => {
  const notes = standIn('touch "$notes/was-called"');
  expect(await install(writePlugin(path.join(temporaryFolder(), "made-up")))).toBeNull();
  expect(existsSync(path.join(notes, "was-called"))).toBe(false);
});

describe.each<[Kind]>([["npm"], ["pip"]])("%s", (kind) => {
  const { place, title, lock, program } = LOCKS[kind];

  test("gives the folder of the packages and leaves nothing else behind", async () => {
    standIn(MAKE_BOTH);
    const folder = writeLocked(kind);
    expect(await install(folder)).toBe(path.join(folder, place));
    expect(readdirSync(path.join(folder, place))).toEqual(["a"]);
    expect(readdirSync(folder).filter((name) => name.startsWith(".install"))).toEqual([]);
  });

  test("is not called for a lock file of no packages", async () => {
    const notes = standIn('touch "$notes/was-called"');
    const folder = writeLocked(kind, true);
    expect(await install(folder)).toBeNull();
    expect(existsSync(path.join(notes, "was-called"))).toBe(false);
    expectUntouched(folder);
  });

  test("that has nothing to install for this machine gives no folder", async () => {
    standIn("exit 0");
    const folder = writeLocked(kind);
    expect(await install(folder)).toBeNull();
    expectUntouched(folder);
  });

  test("works in an empty folder with the documents that it needs", async () => {
    const notes = standIn(`ls -A > "$notes/held"; pwd > "$notes/cwd"; ${MAKE_BOTH}`);
    const folder = writeLocked(kind);
    writeFileSync(path.join(folder, "pip.py"), "");
    await install(folder);
    const held = kind === "npm" ? "package-lock.json\npackage.json\n" : "requirements.txt\n";
    expect(readFileSync(path.join(notes, "held"), "utf8")).toBe(held);
    expect(path.dirname(readFileSync(path.join(notes, "cwd"), "utf8"))).toBe(folder);
  });

  test("is told to run nothing of the packages", async () => {
    const notes = standIn(`echo "$@" > "$notes/words"; ${MAKE_BOTH}`);
    await install(writeLocked(kind));
    const words = readFileSync(path.join(notes, "words"), "utf8").trim().split(" ");
    const npm = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"];
    const pip = ["-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile"];
    expect(words).toEqual(expect.arrayContaining(kind === "npm" ? npm : pip));
  });

  test("gets the variables that name a registry, and no others of the user's", async () => {
    const notes = standIn(`env > "$notes/env"; ${MAKE_BOTH}`);
    setVariables({
      ...{ npm_config_registry: "http://127.0.0.1:9/", PIP_INDEX_URL: "http://127.0.0.1:9/simple" },
      ...{ PYTHONPATH: "/nowhere", NODE_OPTIONS: "--no-warnings", PIP_NO_BINARY: ":all:", MADE_UP_SECRET: "1" },
      ...{ npm_config_ignore_scripts: "false", npm_config_script_shell: "/bin/sh" },
    });
    await install(writeLocked(kind));
    const lines = readFileSync(path.join(notes, "env"), "utf8");
    expect(lines).toContain("npm_config_registry=http://127.0.0.1:9/\n");
    expect(lines).toContain("PIP_INDEX_URL=http://127.0.0.1:9/simple\n");
    for (const name of ["PYTHONPATH", "NODE_OPTIONS", "PIP_NO_BINARY", "MADE_UP_SECRET", "npm_config_ignore", "script"])
      expect(lines).not.toContain(name);
  });

  test("that fails says why and leaves nothing behind", async () => {
    standIn(`${MAKE_BOTH}; echo first; echo "the reason" >&2; exit 7`);
    const folder = writeLocked(kind);
    const { code, details, exitCode } = await failureOf(install(folder));
    expect([code, exitCode]).toEqual(["NAS_INSTALL", 4]);
    expect(details.what).toBe(`${title} failed (exit code 7)`);
    expect(details.where?.split("\n").sort()).toEqual(["first", "the reason"]);
    expect(details.next).toContain("lock file");
    expectUntouched(folder);
  });

  test("that does not end is ended with all that it started", async () => {
    const notes = standIn(`${MAKE_BOTH}; echo waiting; (sleep 6; touch "$notes/lived-on") & sleep 100`);
    const folder = writeLocked(kind);
    const { code, details } = await failureOf(install(folder, { limitSeconds: 2 }));
    expect(code).toBe("NAS_INSTALL");
    expect(details.what).toBe(`${title} did not end within 2 s`);
    expect(details.where).toBe("waiting");
    expectUntouched(folder);
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(existsSync(path.join(notes, "lived-on"))).toBe(false);
  });

  test("that is not there", async () => {
    const folder = writeLocked(kind);
    setVariables({ PATH: temporaryFolder() });
    const { code, details } = await failureOf(install(folder));
    expect(code).toBe("NAS_INSTALL");
    expect(details.what).toBe(`${title} can't be run: there is no program ${program}`);
    expectUntouched(folder);
  });

  test("is heard while it works, without what a terminal would obey", async () => {
    standIn(`printf 'one\\n'; printf '\\033[2J\\007two\\r\\n' >&2; ${MAKE_BOTH}`);
    let heard = "";
    const onOutput = (text: string) => {
      heard += text;
    };
    await install(writeLocked(kind), { onOutput });
    expect(heard.split("\n").sort()).toEqual(["", "[2Jtwo", "one"]);
  });

  test("of whose output only the last lines are told", async () => {
    standIn("seq 1 5000; exit 1");
    const { details } = await failureOf(install(writeLocked(kind)));
    const lines = details.where?.split("\n") ?? [];
    expect(lines.at(-1)).toBe("5000");
    expect(lines).toHaveLength(25);
  });

  test("is not called where packages are already", async () => {
    standIn(MAKE_BOTH);
    const folder = writeLocked(kind);
    mkdirSync(path.join(folder, place));
    writeFileSync(path.join(folder, place, "own"), "");
    const { code, details } = await failureOf(install(folder));
    expect(code).toBe("NAS_INSTALL");
    expect(details.where).toBe(path.join(folder, place));
    expect(readdirSync(path.join(folder, place))).toEqual(["own"]);
  });

  test("is not called for a lock file with a fault", async () => {
    const notes = standIn('touch "$notes/was-called"');
    const folder = writeLocked(kind);
    writeFileSync(path.join(folder, lock), kind === "npm" ? '{ "lockfileVersion": 1 }' : "a>=1\n");
    expect((await failureOf(install(folder))).code).toBe("NAS_LOCK_FILE");
    expect(existsSync(path.join(notes, "was-called"))).toBe(false);
  });
});

test("a Python without pip is told apart", async () => {
  standIn('echo "/usr/bin/python3: No module named pip" >&2; exit 1');
  const { details } = await failureOf(install(writeLocked("pip")));
  expect(details.next).toContain("python3-pip");
});
