import { existsSync, realpathSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { AlgorithmManifest, DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { boxArguments } from "./bubblewrap.ts";
import { checkNoOutwardLinks } from "./outward-links.ts";
import { packageClosure } from "./package-closure.ts";
import { PYTHON_PACKAGES } from "./python-install.ts";
import { lookUpProgram, SYSTEM_PATH, tiedProgram } from "./system-program.ts";

/** How a method's process is kept apart: by the operating system alone, or in a box that bubblewrap makes. */
export type Enclosure = "process" | "box";

/** Settings of a method's process. */
export interface GuestSettings {
  readonly enclosure: Enclosure;
  /** Memory in MB (2^20 bytes) that the process and what it starts may use together. */
  readonly memoryLimitMb: number;
  /** Seed of what a language's runtime draws behind a program's back (V8's and Python's hashes). */
  readonly runtimeSeed?: number;
  /** True: a Node plugin that reaches for a clock, hidden randomness, the environment or files throws. */
  readonly hasTraps?: boolean;
}

/** A program to start. */
export interface GuestCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const OWN_EXTENSION = path.extname(import.meta.filename);
const GUEST_FILE = path.join(import.meta.dirname, `node-guest${OWN_EXTENSION}`);
const DATASET_GUEST_FILE = path.join(import.meta.dirname, `dataset-guest${OWN_EXTENSION}`);
const HARNESS_FOLDER = path.join(import.meta.dirname, "../..");
/** What a Node guest reads of the harness: no table, no image, no result lies below these. */
const HARNESS_PARTS = ["core", "schemas/generated", "package.json"];
const PYTHON_CLIENT_FOLDER = path.join(HARNESS_FOLDER, "clients/python");

/** The program's file: in the plugin's folder, absolute, or looked up as a shell would. @throws NAS_PLUGIN_ENTRY */
function findProgram(name: string, folder: string): string {
  const found = lookUpProgram(name, folder);
  if (found !== null) return found;
  throw new HarnessError("NAS_PLUGIN_ENTRY", {
    what: `the program "${name}" that the plugin's command names is not there, or can't be executed`,
    where: folder,
    allowed: "a program in $PATH, an absolute path, or one below the plugin's folder such as ./search",
    next: "install it, or correct the manifest's command",
  });
}

/**
 * What to show so that a program outside of /usr and of the plugin's folder runs: its prefix, where an interpreter has its
 * library, or the file alone where the prefix has to do with the harness or is the user's home folder (`~/bin/search`).
 */
function programParts(program: string, folder: string): string[] {
  return [...new Set([program, realpathSync(program)])]
    .filter((file) => !file.startsWith("/usr/") && !isRelated(file, realpathSync(folder)) && !isRelated(file, folder))
    .map((file) => {
      const prefix = path.dirname(path.dirname(file));
      const isTooMuch =
        isWithin(os.homedir(), prefix) || isRelated(prefix, HARNESS_FOLDER) || isRelated(prefix, folder);
      return isTooMuch ? file : prefix;
    });
}

/** Whether a place is a folder, or is inside of it. */
function isWithin(place: string, folder: string): boolean {
  return `${place}${path.sep}`.startsWith(folder.endsWith(path.sep) ? folder : `${folder}${path.sep}`);
}

/** Whether one of two folders is, or is inside of, the other. */
function isRelated(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** What a runtime needs, and nothing of the user's. */
const EMPTY_ENVIRONMENT = { PATH: SYSTEM_PATH, HOME: "/tmp", LANG: "C.UTF-8", TZ: "UTC" } as const;

interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readable: readonly string[];
}

/** What a Node plugin's process may read. */
function nodeReadable({ folder }: LocatedPlugin): string[] {
  const inside = `${folder}${path.sep}`;
  const ownModules = path.join(HARNESS_FOLDER, "node_modules");
  const packages = existsSync(path.join(ownModules, "tapable")) ? [ownModules] : packageClosure(HARNESS_FOLDER);
  return [
    ...HARNESS_PARTS.map((part) => path.join(HARNESS_FOLDER, part)).filter((part) => existsSync(part)),
    ...packages,
    // A package that holds the harness would show its tables too.
    ...packageClosure(folder).filter((needed) => !isRelated(needed, HARNESS_FOLDER) && !needed.startsWith(inside)),
    folder,
  ];
}

/** Flags of Node.js for a plugin's process. */
function nodeFlags(readable: readonly string[], { memoryLimitMb, runtimeSeed }: GuestSettings): string[] {
  return [
    "--permission",
    ...readable.map((part) => `--allow-fs-read=${part}`),
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${memoryLimitMb}`,
    ...(runtimeSeed === undefined ? [] : [`--random-seed=${runtimeSeed}`]),
  ];
}

function nodeLaunch(plugin: LocatedPlugin, settings: GuestSettings, guestFile = GUEST_FILE): Launch {
  const { folder, manifest } = plugin;
  const readable = nodeReadable(plugin);
  return {
    program: process.execPath,
    args: [
      ...nodeFlags(readable, settings),
      guestFile,
      JSON.stringify({ folder, name: manifest.name, entry: manifest.entry, hasTraps: settings.hasTraps === true }),
    ],
    env: {},
    readable: [...readable, process.execPath],
  };
}

function programLaunch(plugin: LocatedPlugin<AlgorithmManifest>, settings: GuestSettings): Launch {
  const { folder, manifest } = plugin;
  const [name, ...args] = manifest.command as string[];
  const program = findProgram(name as string, folder);
  const client = existsSync(PYTHON_CLIENT_FOLDER) ? [PYTHON_CLIENT_FOLDER] : [];
  // What a lock file names comes after the client: no package takes the client's place.
  const locked = [path.join(folder, PYTHON_PACKAGES)].filter((packages) => existsSync(packages));
  return {
    program,
    args,
    env: {
      PYTHONPATH: [...client, ...locked].join(path.delimiter),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONHASHSEED: String(settings.runtimeSeed ?? 0),
      PYTHONUNBUFFERED: "1",
    },
    readable: [...programParts(program, folder), ...client, folder],
  };
}

function enclosed(
  folder: string,
  { program, args, env: ownEnv, readable }: Launch,
  enclosure: Enclosure,
): GuestCommand {
  const env = { ...EMPTY_ENVIRONMENT, ...ownEnv };
  if (enclosure === "process") {
    // A box dies with the process that made it; without one, a method that hangs would outlive a harness that was killed.
    return { ...tiedProgram(program, args), cwd: folder, env };
  }
  return {
    program: "bwrap",
    args: [...boxArguments({ readable, hidden: [HARNESS_FOLDER], cwd: folder }), "--", program, ...args],
    cwd: folder,
    env,
  };
}

/**
 * How a plugin's process is started: an empty environment but for what a runtime needs, the plugin's folder as its working
 * directory; a Node plugin behind Node's permission model, which lets it read its own folder and the harness's code.
 * @throws NAS_PLUGIN_ENTRY if its program is not there, NAS_ISOLATION if a link leads out of its folder
 */
export function guestCommand(plugin: LocatedPlugin<AlgorithmManifest>, settings: GuestSettings): GuestCommand {
  checkNoOutwardLinks(plugin.folder);
  const isNode = plugin.manifest.command === undefined;
  const launch = isNode ? nodeLaunch(plugin, settings) : programLaunch(plugin, settings);
  return enclosed(plugin.folder, launch, settings.enclosure);
}

/** {@link guestCommand} for a dataset whose images are read apart from the harness. @throws NAS_ISOLATION */
export function datasetGuestCommand(plugin: LocatedPlugin<DatasetManifest>, settings: GuestSettings): GuestCommand {
  checkNoOutwardLinks(plugin.folder);
  return enclosed(plugin.folder, nodeLaunch(plugin, settings, DATASET_GUEST_FILE), settings.enclosure);
}

/** How a trainer process is started in the place of `fork`'s own way. */
export interface TrainerEnclosure {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * How the process is started in which a method trains: as {@link guestCommand} starts one that asks and tells, but with a
 * channel to the harness instead of a pipe.
 * @throws NAS_ISOLATION if a link leads out of the plugin's folder
 */
export function trainerEnclosure(plugin: LocatedPlugin<AlgorithmManifest>, settings: GuestSettings): TrainerEnclosure {
  checkNoOutwardLinks(plugin.folder);
  const { folder: cwd } = plugin;
  const readable = nodeReadable(plugin);
  const flags = nodeFlags(readable, settings);
  const common = { env: EMPTY_ENVIRONMENT, cwd };
  if (settings.enclosure === "process") {
    const { program, args } = tiedProgram(process.execPath, flags);
    return { ...common, execPath: program, execArgv: args };
  }
  const box = boxArguments({ readable: [...readable, process.execPath], hidden: [HARNESS_FOLDER], cwd });
  return { ...common, execPath: "bwrap", execArgv: [...box, "--", process.execPath, ...flags] };
}
