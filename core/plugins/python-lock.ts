import { quoted } from "./lock-fault.ts";

/** A requirement of a requirements.txt, in parts that were checked. */
export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  /** Environment marker such as `python_version < "3.11"`; empty: needed everywhere. */
  readonly marker: string;
  /** SHA-256 of each file that it may be, in lower-case hexadecimal digits; at least one. */
  readonly hashes: readonly string[];
}

/** What a requirements.txt holds; `packages` lacks those with faults. */
export interface PythonLock {
  readonly packages: readonly PythonPackage[];
  readonly faults: readonly string[];
}

const REQUIREMENT = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?) ?(?:\[[A-Za-z0-9._, -]*\])? ?== ?(\w[\w.!+-]*)$/;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?![\w./:\\-])/;
const MARKER = /^[\w.'"<>=!~(), +*-]+$/;
const HASH = /^--hash=sha256:([0-9a-f]{64})$/;
/** A comment begins a line, or follows white space. */
const COMMENT = /(?<![^\s])#/;

/** Lines with continuations joined and comments left out, each with the number (from 1) of its first line. */
function* logicalLines(text: string): Generator<{ number: number; line: string }> {
  let parts: string[] = [];
  let number = 1;
  for (const [at, raw] of text.split(/\r\n|\r|\n/).entries()) {
    if (parts.length === 0) number = at + 1;
    const comment = raw.search(COMMENT);
    const goesOn = comment < 0 && raw.endsWith("\\");
    parts.push(comment >= 0 ? raw.slice(0, comment) : goesOn ? raw.slice(0, -1) : raw);
    if (goesOn) continue;
    yield { number, line: parts.join("") };
    parts = [];
  }
  if (parts.length > 0) yield { number, line: parts.join("") };
}

/** What is wrong with the part of a requirement that says which package. */
function requirementFault(requirement: string): string {
  if (requirement.startsWith("-")) return `${quoted(requirement)}: an option of pip is not allowed`;
  if (requirement.includes("://") || requirement.includes("@") || !NAME.test(requirement))
    return `${quoted(requirement)}: an address or a path is not allowed, only name==version`;
  return `${quoted(requirement)} names no exact version (name==version)`;
}

/** A requirement, or its faults. */
function readRequirement(line: string): PythonPackage | string[] {
  const words = line.split(/\s+/).filter((word) => word !== "");
  const optionAt = words.findIndex((word, at) => at > 0 && word.startsWith("--"));
  const options = optionAt < 0 ? [] : words.slice(optionAt);
  const [requirement = "", ...markers] = words
    .slice(0, words.length - options.length)
    .join(" ")
    .split(";");
  const found = REQUIREMENT.exec(requirement.trim());
  if (found === null) return [requirementFault(requirement.trim())];
  const [, name = "", version = ""] = found;
  const marker = markers.join(";").trim();
  const faults: string[] = [];
  if (markers.length > 0 && !MARKER.test(marker)) faults.push(`${name}: ${quoted(marker)} is no environment marker`);
  const hashes = options.flatMap((option) => HASH.exec(option)?.[1] ?? []);
  for (const option of options.filter((option) => !HASH.test(option)))
    faults.push(`${name}: ${quoted(option)} is not of the form --hash=sha256:<64 hexadecimal digits, lower case>`);
  if (options.length === 0) faults.push(`${name}: the hash is missing (--hash=sha256:…)`);
  return faults.length > 0 ? faults : { name, version, marker, hashes };
}

/** A name as package indexes compare it. */
const normalized = (name: string) => name.toLowerCase().replace(/[._-]+/g, "-");

/**
 * Reads the text of a requirements.txt: `name==version --hash=sha256:…` with environment markers, continued lines and
 * comments, and nothing else that pip would take. Extras are left out: whatever is needed has a line of its own.
 */
export function readPythonLock(text: string): PythonLock {
  const packages: PythonPackage[] = [];
  const faults: string[] = [];
  const markedBefore = new Map<string, boolean>();
  for (const { number, line } of logicalLines(text)) {
    if (line.trim() === "") continue;
    const read = readRequirement(line);
    if (Array.isArray(read)) {
      for (const fault of read) faults.push(`line ${number}: ${fault}`);
      continue;
    }
    packages.push(read);
    const name = normalized(read.name);
    const isMarked = read.marker !== "";
    // With markers a package may have another version for each Python.
    if (markedBefore.has(name) && !(isMarked && markedBefore.get(name)))
      faults.push(`line ${number}: ${read.name} is required twice`);
    markedBefore.set(name, isMarked);
  }
  return { packages, faults };
}
