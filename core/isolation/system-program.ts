import { accessSync, constants, existsSync, statSync } from "node:fs";
import path from "node:path";

/** Where programs are where nothing says otherwise. */
export const SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

/** Part of util-linux, which every Linux has. */
const SETPRIV = "/usr/bin/setpriv";

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A program's file: below a folder if its name has a slash, otherwise in $PATH as a shell looks for it; null if nowhere. */
export function lookUpProgram(name: string, folder: string): string | null {
  const candidates = name.includes("/")
    ? [path.resolve(folder, name)]
    : (process.env.PATH ?? SYSTEM_PATH).split(path.delimiter).map((place) => path.join(place, name));
  return candidates.find(isProgram) ?? null;
}

/** A program and its arguments so that it ends with the process that starts it, however that ends; on Linux only. */
export function tiedProgram(program: string, args: readonly string[]): { program: string; args: string[] } {
  if (!existsSync(SETPRIV)) return { program, args: [...args] };
  return { program: SETPRIV, args: ["--pdeathsig", "KILL", "--", program, ...args] };
}
