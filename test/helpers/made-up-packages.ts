import { createHash } from "node:crypto";
import { gzipSync, strToU8, zipSync } from "fflate";

/** Texts of files by their paths. */
type Files = Readonly<Record<string, string>>;

const BLOCK_BYTES = 512;

/** A file of a tar archive in the format ustar. */
function tarEntry(place: string, text: string): Buffer {
  const content = Buffer.from(text, "utf8");
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  header.write(place, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7) + octal(0, 7), 108);
  header.write(octal(content.length, 11) + octal(0, 11), 124);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(octal(sum, 6), 148);
  const rest = (BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return Buffer.concat([header, content, Buffer.alloc(rest)]);
}

/** A .tar.gz archive of files. */
export function tarGz(files: Files): Uint8Array {
  const entries = Object.entries(files).map(([place, text]) => tarEntry(place, text));
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK_BYTES)]), { mtime: 0 });
}

/** A package of an npm registry. */
export interface NpmPackage {
  readonly name: string;
  /** Its package.json. */
  readonly manifest: Readonly<Record<string, unknown>> & { readonly version: string };
  readonly archive: Uint8Array;
  readonly integrity: string;
}

/** Makes an npm package of version 1.0.0 whose module exports its name and more. @param manifest fields of package.json */
export function npmPackage(name: string, manifest: Readonly<Record<string, unknown>> = {}): NpmPackage {
  const whole = { name, version: "1.0.0", main: "index.js", ...manifest };
  const archive = tarGz({
    "package/package.json": JSON.stringify(whole),
    "package/index.js": `exports.who = ${JSON.stringify(`I am ${name}`)};\n`,
  });
  const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  return { name, manifest: whole, archive, integrity };
}

/** A file of a package index for Python. */
export interface PythonFile {
  readonly project: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

function pythonFile(project: string, name: string, bytes: Uint8Array): PythonFile {
  return { project, name, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Makes a wheel of version 1.0.0 for every Python, whose module of the same name says who it is. */
export function pythonWheel(project: string): PythonFile {
  const meta = `${project}-1.0.0.dist-info`;
  const files: Files = {
    [`${project}/__init__.py`]: `who = "I am ${project}"\n`,
    [`${meta}/METADATA`]: `Metadata-Version: 2.1\nName: ${project}\nVersion: 1.0.0\n`,
    [`${meta}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${meta}/RECORD`]: "",
  };
  const record = Object.keys(files).map((place) => `${place},,\n`);
  const whole = { ...files, [`${meta}/RECORD`]: record.join("") };
  const bytes = zipSync(Object.fromEntries(Object.entries(whole).map(([place, text]) => [place, strToU8(text)])));
  return pythonFile(project, `${project}-1.0.0-py3-none-any.whl`, bytes);
}

/** Makes a source distribution of version 1.0.0 whose setup.py writes a file. @param trace path of that file */
export function pythonSource(project: string, trace: string): PythonFile {
  const setup = `open(${JSON.stringify(trace)}, "w")\nfrom setuptools import setup\nsetup(name="${project}", version="1.0.0")\n`;
  const info = `Metadata-Version: 2.1\nName: ${project}\nVersion: 1.0.0\n`;
  const bytes = tarGz({ [`${project}-1.0.0/setup.py`]: setup, [`${project}-1.0.0/PKG-INFO`]: info });
  return pythonFile(project, `${project}-1.0.0.tar.gz`, bytes);
}
