import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { unpackBzip2 } from "../../../core/files/bzip2/bzip2-buffer.ts";
import { unpackBzip2Stream } from "../../../core/files/bzip2/bzip2-stream.ts";

const hasPython = spawnSync("python3", ["-c", "import bz2"]).status === 0;
const needsPython = (title: string) => (hasPython ? title : `${title} (needs python3, not found)`);
const MOST = 1 << 28;

function pack(bytes: Uint8Array, level: number): Buffer {
  const script = "import bz2, sys; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read(), int(sys.argv[1])))";
  return spawnSync("python3", ["-c", script, String(level)], { input: bytes, maxBuffer: MOST }).stdout;
}

async function streamed(bytes: Uint8Array, piece: number): Promise<Buffer> {
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  const parts: Uint8Array[] = [];
  for await (const part of unpackBzip2Stream(pieces(), "f")) parts.push(part);
  return Buffer.concat(parts);
}

/** Bytes that do not repeat much. */
const noise = (count: number) => {
  const bytes = Buffer.alloc(count);
  for (let at = 0, state = 1; at < count; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = (state >>> 16) % 61;
  }
  return bytes;
};

const what = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it was read"),
    (error: { code: string; details: { what: string; where: string } }) => {
      expect(error.code).toBe("NAS_BZIP");
      expect(error.details.where).toMatch(/^f, byte \d+$/);
      return error.details.what;
    },
  );

test("what is no bzip2 file is refused", async () => {
  expect(await what(unpackBzip2(Buffer.from("hello"), "f", MOST))).toBe("this is no bzip2 file");
  expect(await what(unpackBzip2(new Uint8Array(0), "f", MOST))).toBe("the file ends too early");
});

describe.skipIf(!hasPython)(needsPython("what Python packs"), () => {
  test("is unpacked from a buffer and from pieces of any size", async () => {
    const content = noise(350_000);
    const packed = pack(content, 1);
    expect(Buffer.compare(await unpackBzip2(packed, "f", MOST), content)).toBe(0);
    for (const piece of [997, 1 << 20]) expect(Buffer.compare(await streamed(packed, piece), content)).toBe(0);
  });

  test("may be several streams one behind the other, and empty ones", async () => {
    const files = [pack(noise(1000), 9), pack(Buffer.alloc(0), 9), pack(noise(150_000), 1)];
    const content = Buffer.concat([noise(1000), noise(150_000)]);
    expect(Buffer.compare(await streamed(Buffer.concat(files), 500), content)).toBe(0);
    expect(Buffer.compare(await unpackBzip2(Buffer.concat(files), "f", MOST), content)).toBe(0);
  });

  test("may expand far, up to what the caller allows", async () => {
    const packed = pack(Buffer.alloc(40_000_000, 7), 9);
    expect(packed.length).toBeLessThan(200);
    expect((await unpackBzip2(packed, "f", MOST)).length).toBe(40_000_000);
    expect(await what(unpackBzip2(packed, "f", 1_000_000))).toBe("more than 1000000 bytes come out");
  });

  test("is refused if it is cut anywhere", async () => {
    const packed = pack(noise(300), 9);
    for (let end = 0; end < packed.length; end++)
      expect(await what(unpackBzip2(packed.subarray(0, end), "f", MOST))).toMatch(/ends too early/);
  });

  test("is refused if a byte is wrong, or something else follows", async () => {
    const packed = pack(noise(300), 9);
    for (let at = 0; at < packed.length; at += 7) {
      const changed = Buffer.from(packed);
      changed[at] = changed[at]! ^ 0x10;
      expect(await what(unpackBzip2(changed, "f", MOST))).toMatch(
        /broken|checksum|no bzip2|ends too early|no block|behind/,
      );
    }
    expect(await what(unpackBzip2(Buffer.concat([packed, Buffer.from("x")]), "f", MOST))).toContain(
      "something else lies behind",
    );
  });

  test("is refused in a stream behind what comes before", async () => {
    const packed = pack(noise(350_000), 1);
    packed[packed.length - 40_000] = packed[packed.length - 40_000]! ^ 1;
    expect(await what(streamed(packed, 10_000))).toContain("a block is broken");
  });
});
