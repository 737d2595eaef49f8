/** What an archive's entry is, besides its content. */
export interface TarEntry {
  readonly name: string;
  readonly content?: Buffer;
  /** Type flag: `0` a file, `5` a folder, `2` a link. */
  readonly type?: string;
  readonly prefix?: string;
}

/** An archive in the format ustar as POSIX.1 says, built without the code under test. */
export function tarBytes(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = Buffer.alloc(0), type = "0", prefix = "" }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write(type, 156);
    header.write("ustar\x0000", 257);
    header.write(prefix, 345);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
