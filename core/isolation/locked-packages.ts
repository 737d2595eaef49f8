import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFailure } from "../files/atomic-file.ts";
import { readLockFile } from "../plugins/lock-file.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { type Installer, runInstaller } from "./installer-process.ts";
import { NPM_PACKAGES, npmInstaller } from "./npm-install.ts";
import { PYTHON_PACKAGES, pythonInstaller } from "./python-install.ts";

/** Settings of {@link installLockedPackages}. */
export interface InstallOptions {
  /** Wall-clock seconds that npm or pip may take; 600 unless given. */
  readonly limitSeconds?: number;
  /** What npm or pip prints, as it comes, without control characters. */
  readonly onOutput?: (text: string) => void;
}

const LIMIT_SECONDS = 600;

/** Makes a file system's error one that names the folder. */
function writing<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw cause instanceof HarnessError ? cause : writeFailure(folder, cause);
  }
}

/** Demands that nothing lies where packages go. @throws NAS_INSTALL */
function requireFree(target: string): void {
  if (!existsSync(target)) return;
  throw new HarnessError("NAS_INSTALL", {
    what: "packages are only installed into a copy of a plugin that holds none yet",
    where: target,
    next: "copy the plugin's files without what was installed, and install into the copy",
  });
}

/**
 * Installs the packages of a plugin's lock file into its folder, where its process finds them: below `node_modules`, or below
 * `.python-packages`. It uses the network; no code of the plugin or of a package runs. The packages are there whole or not
 * at all.
 * @param plugin in a private copy of its folder, which is changed
 * @returns the folder of the packages; null if the plugin names no lock file, or its lock file no package
 * @throws NAS_LOCK_FILE, NAS_JSON, NAS_FILE_UNREADABLE for the lock file, NAS_INSTALL, NAS_WRITE_FAILED
 */
export async function installLockedPackages(
  { folder, manifest }: LocatedPlugin<AlgorithmManifest>,
  { limitSeconds = LIMIT_SECONDS, onOutput }: InstallOptions = {},
): Promise<string | null> {
  if (manifest.lock === undefined) return null;
  const lock = readLockFile(folder, manifest.lock);
  const isNpm = lock.name === "package-lock.json";
  const target = path.join(folder, isNpm ? NPM_PACKAGES : PYTHON_PACKAGES);
  requireFree(target);
  if ((isNpm ? lock.packages.size : lock.packages.length) === 0) return null;
  // Inside the folder, so that moving is one step; a dot file, so that it is no part of the plugin even if it is left behind.
  const workshop = writing(folder, () => mkdtempSync(path.join(folder, ".install-")));
  try {
    const installer: Installer = writing(workshop, () =>
      isNpm ? npmInstaller(lock, workshop) : pythonInstaller(lock.packages, manifest.command ?? [], workshop),
    );
    await runInstaller(installer, workshop, { limitSeconds, onOutput });
    const made = path.join(workshop, path.basename(target));
    // Nothing that the lock file names may be meant for this machine.
    if (!existsSync(made)) return null;
    writing(target, () => renameSync(made, target));
    return target;
  } finally {
    removeQuietly(workshop);
  }
}

function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // What is left behind is no part of the plugin; how the installation ended says more.
  }
}
