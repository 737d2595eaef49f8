import { rmSync } from "node:fs";
import path from "node:path";
import { placeUnpacked } from "../downloads/placing.ts";
import { type UnpackedFile, writeMember } from "../downloads/unpacking.ts";
import { type ZipMember, zipMembers } from "../downloads/zip-members.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { refuseIfFull } from "../files/free-space.ts";

/** The member that has this name in whatever folder of the archive. @throws NAS_DOWNLOAD if there is none, or more than one */
function memberNamed(members: readonly ZipMember[], name: string, archive: string): ZipMember {
  const found = members.filter((member) => member.name.split("/").at(-1) === name);
  const [member] = found;
  if (member !== undefined && found.length === 1) return member;
  const held = members.slice(0, 20).map((one) => one.name);
  throw new HarnessError("NAS_DOWNLOAD", {
    what: found.length === 0 ? `the archive does not hold ${name}` : `the archive holds ${name} ${found.length} times`,
    where: archive,
    allowed: `it holds ${held.join(", ")}${members.length > held.length ? ", …" : ""}`,
    next: "it is another archive than the one that is wanted: delete it and fetch it again, or bring the right one by hand",
  });
}

/**
 * Takes files out of a zip archive into the folder in which it lies: all of them, or none.
 * @param names of the files, without folders
 * @throws NAS_DOWNLOAD if the archive is broken or lacks a file, NAS_OUTPUT_EXISTS, NAS_WRITE_FAILED, the signal's reason
 */
export async function unpackZip(
  archive: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ name: string; sha256: string }[]> {
  const folder = path.dirname(archive);
  const all = zipMembers(archive);
  const wanted = names.map((name) => ({ name, member: memberNamed(all, name, archive) }));
  const total = wanted.reduce((sum, { member }) => sum + member.bytes, 0);
  refuseIfFull(folder, total, `unpack ${path.basename(archive)}`);
  const unpacked: UnpackedFile[] = [];
  const besideOf = (name: string) => path.join(folder, `${name}.${process.pid}.tmp`);
  try {
    for (const { name, member } of wanted) {
      const sha256 = await writeMember(member.content(signal), besideOf(name));
      unpacked.push({ name, beside: besideOf(name), sha256 });
    }
  } catch (error) {
    for (const { name } of wanted) rmSync(besideOf(name), { force: true });
    throw error;
  }
  return placeUnpacked(unpacked, folder, signal);
}
