import { createHash } from "node:crypto";
import { closeSync, createReadStream, fsyncSync, openSync, rmSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { writeFailure, writeFully } from "../files/atomic-file.ts";
import { type TarMember, tarMembers } from "./tar-members.ts";

/** A file to take out of an archive. */
export interface WantedMember {
  /** Its path inside the archive. */
  readonly member: string;
  /** Its name in the folder. */
  readonly name: string;
  /** Bytes that it must have. */
  readonly bytes: number;
}

/** A file that was taken out, not in its place yet. */
export interface UnpackedFile {
  readonly name: string;
  /** Where it lies: beside its place, under a name of this process. */
  readonly beside: string;
  /** SHA-256 of its content in hexadecimal. */
  readonly sha256: string;
}

function wrong(archive: string, what: string, cause?: unknown): HarnessError {
  return new HarnessError("NAS_DOWNLOAD", {
    what: `the archive ${what}`,
    where: archive,
    next: "delete the archive and fetch it again",
    cause,
  });
}

/** Writes a member's content beside its place. @returns its SHA-256 @throws NAS_WRITE_FAILED, and what reading it throws */
export async function writeMember(content: TarMember["content"], beside: string): Promise<string> {
  const hash = createHash("sha256");
  const failed = (cause: unknown) => writeFailure(beside, cause);
  let handle: number;
  try {
    handle = openSync(beside, "w");
  } catch (cause) {
    throw failed(cause);
  }
  try {
    for await (const piece of content) {
      hash.update(piece);
      try {
        writeFully(handle, piece);
      } catch (cause) {
        throw failed(cause);
      }
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return hash.digest("hex");
}

/**
 * Takes files out of a gzipped tar archive. They are written beside their places, under names that the caller chose and no
 * archive can change; putting them there is the caller's.
 * @throws NAS_DOWNLOAD if the archive is broken or lacks a file, NAS_WRITE_FAILED, the signal's reason; nothing stays then
 */
export async function unpackMembers(
  archive: string,
  folder: string,
  wanted: readonly WantedMember[],
  signal: AbortSignal,
): Promise<UnpackedFile[]> {
  const besideOf = ({ name }: WantedMember) => path.join(folder, `${name}.${process.pid}.tmp`);
  const unpacked = new Map<string, UnpackedFile>();
  const stream = pipeline(createReadStream(archive, { signal }), createGunzip(), () => {});
  try {
    for await (const member of tarMembers(stream, archive)) {
      const found = wanted.find((one) => one.member === member.name);
      if (found === undefined) continue;
      if (member.bytes !== found.bytes)
        throw wrong(archive, `has ${member.bytes} bytes of ${member.name} instead of ${found.bytes}`);
      if (unpacked.has(found.name)) throw wrong(archive, `holds ${member.name} twice`);
      const beside = besideOf(found);
      unpacked.set(found.name, { name: found.name, beside, sha256: await writeMember(member.content, beside) });
    }
    const missing = wanted.filter(({ name }) => !unpacked.has(name)).map(({ member }) => member);
    if (missing.length > 0) throw wrong(archive, `does not hold ${missing.join(", ")}`);
    return wanted.map(({ name }) => unpacked.get(name) as UnpackedFile);
  } catch (cause) {
    for (const one of wanted) rmSync(besideOf(one), { force: true });
    signal.throwIfAborted();
    throw cause instanceof HarnessError ? cause : wrong(archive, `can't be unpacked: ${messageOf(cause)}`, cause);
  } finally {
    stream.destroy();
  }
}
