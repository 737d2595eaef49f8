import { spawn } from "node:child_process";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { installerEnvironment } from "./installer-environment.ts";
import { lookUpProgram, tiedProgram } from "./system-program.ts";

/** A program that installs packages into a folder. */
export interface Installer {
  /** What it is called in messages. */
  readonly title: string;
  /** Looked up in $PATH. */
  readonly program: string;
  readonly args: readonly string[];
  /** Variables besides those of {@link installerEnvironment}. */
  readonly env: Readonly<Record<string, string>>;
  /** What to do where there is no such program. */
  readonly missing: string;
}

/** Limits of an installation, and who is told about it. */
export interface InstallerOptions {
  /** Wall-clock seconds that it may take. */
  readonly limitSeconds: number;
  /** What it prints, as it comes, without control characters. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

const OUTPUT_KEPT = 4000;
const LINES_SHOWN = 25;

/** Names, versions and messages of packages are somebody else's text; a terminal would obey some of its characters. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "");
}

function installFailure(what: string, output: string, next: string): HarnessError {
  const lines = output.trim().split("\n").slice(-LINES_SHOWN).join("\n");
  return new HarnessError("NAS_INSTALL", { what, ...(lines === "" ? {} : { where: lines }), next });
}

/**
 * Runs an installer in a folder and waits for its end.
 * @throws NAS_INSTALL if it is not there, fails or takes too long, with the last lines that it printed
 */
export async function runInstaller(
  { title, program, args, env, missing }: Installer,
  folder: string,
  { limitSeconds, onOutput }: InstallerOptions,
): Promise<void> {
  const file = lookUpProgram(program, folder);
  if (file === null) throw installFailure(`${title} can't be run: there is no program ${program}`, "", missing);
  const tied = tiedProgram(file, args);
  const child = spawn(tied.program, tied.args, {
    cwd: folder,
    env: { ...installerEnvironment(process.env), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that all of it can be ended.
    detached: true,
  });
  let output = "";
  let isLate = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      const text = printable(part);
      output = (output + text).slice(-OUTPUT_KEPT);
      onOutput?.(text);
    });
  }
  const timer = setTimeout(() => {
    isLate = true;
    killGroup(child.pid);
  }, limitSeconds * 1000);
  const end = await new Promise<string | null>((resolve) => {
    child.on("error", (cause) => resolve(messageOf(cause)));
    child.on("close", (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  clearTimeout(timer);
  if (isLate) {
    const next = "look at the network and the registry, then run the command again";
    throw installFailure(`${title} did not end within ${limitSeconds} s`, output, next);
  }
  if (end === null) return;
  const hasNoPip = /No module named '?pip/.test(output);
  const next = hasNoPip
    ? missing
    : "correct the lock file if a package or hash is wrong; otherwise look at the network";
  throw installFailure(`${title} failed (${end})`, output, next);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself at the last moment.
  }
}
