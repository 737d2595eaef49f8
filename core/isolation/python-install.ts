import { writeFileSync } from "node:fs";
import path from "node:path";
import type { PythonPackage } from "../plugins/python-lock.ts";
import type { Installer } from "./installer-process.ts";

/** Folder below the plugin's in which packages of a requirements.txt are put. A dot file: it is no part of the plugin. */
export const PYTHON_PACKAGES = ".python-packages";

const INTERPRETER = /^python(?:3(?:\.\d+)?)?$/;

/**
 * The Python that installs: the one that the plugin's command names, since it decides which wheels fit. Never a path, which
 * may lead to the plugin's own code.
 */
export function installingPython(command: readonly string[]): string {
  const [name = ""] = command;
  return INTERPRETER.test(name) ? name : "python3";
}

/**
 * The requirements that pip is given in place of the plugin's file: the same, in one form. pip's own reader would also take
 * the file's encoding from a comment and put variables of the environment in.
 */
export function requirementsText(packages: readonly PythonPackage[]): string {
  return packages
    .map(({ name, version, marker, hashes }) => {
      const condition = marker === "" ? "" : ` ; ${marker}`;
      return `${name}==${version}${condition} ${hashes.map((hash) => `--hash=sha256:${hash}`).join(" ")}\n`;
    })
    .join("");
}

/**
 * How pip installs requirements: their wheels, as they are. A source distribution would run its setup.py. Not `--isolated`:
 * it would also drop the index that the user's settings name, and everything else in these is overruled here.
 * @param folder an empty folder; the packages are below {@link PYTHON_PACKAGES} in it afterwards. As the working directory
 *   it is the first place where Python looks for pip, so nothing of the plugin may lie in it
 * @throws the system's error if the requirements can't be written
 */
export function pythonInstaller(
  packages: readonly PythonPackage[],
  command: readonly string[],
  folder: string,
): Installer {
  const requirements = path.join(folder, "requirements.txt");
  writeFileSync(requirements, requirementsText(packages));
  return {
    title: "pip install",
    program: installingPython(command),
    args: [
      ...["-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile"],
      ...["--no-user", "--target", path.join(folder, PYTHON_PACKAGES), "-r", requirements],
      ...["--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar=off"],
    ],
    // Some people's settings forbid pip outside of a virtual environment; this touches no environment.
    env: { PIP_REQUIRE_VIRTUALENV: "0" },
    missing: "install Python with pip (Debian: python3-pip)",
  };
}
