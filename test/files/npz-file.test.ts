import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import type { NpyArray } from "../../core/files/npy-file.ts";
import { decodeNpz, encodeNpz } from "../../core/files/npz-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { readNpz } from "../helpers/npz-arrays.ts";
import { hasNumpy, needsNumpy, runPython } from "../helpers/numpy.ts";
import { runProcess } from "../helpers/process.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const VALUES = [1.5, -0, Number.NaN, Infinity, 1e-45, 3.4e38];
const ARRAYS: ReadonlyMap<string, NpyArray> = new Map([
  ["vector", { shape: [6], values: Float32Array.from(VALUES) }],
  ["matrix", { shape: [2, 3], values: Float32Array.from(VALUES) }],
  ["a.b.c", { shape: [1, 3, 1, 2], values: Float32Array.from({ length: 8 }, (_, at) => at).subarray(1, 7) }],
  ["empty", { shape: [0, 4], values: new Float32Array() }],
]);

test("arrays are read back by name and in order, each with its shape and values", () => {
  const read = readNpz(encodeNpz(ARRAYS));
  expect([...read.keys()]).toEqual([...ARRAYS.keys()]);
  for (const [name, { shape, values }] of ARRAYS) {
    expect(read.get(name)!.shape).toEqual(shape);
    expect([...read.get(name)!.values]).toEqual([...values]);
  }
});

test.skipIf(!hasNumpy)(needsNumpy("numpy reads the same arrays, without pickles"), () => {
  const file = path.join(temporaryFolder(), "arrays.npz");
  writeFileSync(file, encodeNpz(ARRAYS));
  const script = `import numpy, json, sys
arrays = numpy.load(sys.argv[1], allow_pickle=False)
print(json.dumps([[name, list(arrays[name].shape), arrays[name].dtype.str, arrays[name].tobytes().hex()] for name in arrays.files]))`;
  const expected = [...ARRAYS].map(([name, { shape, values }]) => [
    ...[name, shape, "<f4"],
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("hex"),
  ]);
  expect(JSON.parse(runPython(script, file))).toEqual(expected);
});

test("the bytes are the same in every time zone and at every time", async () => {
  const module = path.join(REPOSITORY, "core/files/npz-file.ts");
  const script = `import { decodeNpz, encodeNpz } from ${JSON.stringify(module)};
const values = new Float32Array([1, 2, 3]);
process.stdout.write(Buffer.from(encodeNpz(new Map([["a", { shape: [3], values }]]))).toString("hex"));`;
  const outputs = new Set<string>();
  for (const TZ of ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Monrovia"]) {
    const { exitCode, stdout, stderr } = await runProcess(process.execPath, ["--input-type=module", "-e", script], {
      env: { TZ },
    });
    expect(exitCode, stderr).toBe(0);
    outputs.add(stdout);
  }
  const values = Float32Array.from([1, 2, 3]);
  outputs.add(Buffer.from(encodeNpz(new Map([["a", { shape: [3], values }]]))).toString("hex"));
  expect(outputs.size).toBe(1);
});

describe("reading", () => {
  const encoded = encodeNpz(ARRAYS);
  const decoded = (bytes: Uint8Array) => decodeNpz(bytes, "arrays.npz");

  test("gives the arrays that were written, in order", () => {
    expect([...decoded(encoded)]).toEqual([...ARRAYS]);
  });

  test.skipIf(!hasNumpy)(needsNumpy("takes what numpy.savez and savez_compressed write"), () => {
    const folder = temporaryFolder();
    const script = `import numpy, sys
arrays = {"a.b": numpy.arange(5000, dtype="f4").reshape(50, 100), "count": numpy.array(12)}
numpy.savez(sys.argv[1] + "/stored.npz", **arrays)
numpy.savez_compressed(sys.argv[1] + "/packed.npz", **arrays)`;
    runPython(script, folder);
    for (const name of ["stored.npz", "packed.npz"]) {
      const arrays = decoded(readFileSync(path.join(folder, name)));
      expect([...arrays.keys()]).toEqual(["a.b", "count"]);
      expect(arrays.get("a.b")).toEqual({
        shape: [50, 100],
        values: Float32Array.from({ length: 5000 }, (_, at) => at),
      });
      expect(arrays.get("count")).toEqual({ shape: [], values: BigInt64Array.of(12n) });
    }
  });

  test("refuses a file that was cut off anywhere", () => {
    for (let length = 0; length < encoded.length; length++)
      expect(harnessErrorOf(() => decoded(encoded.subarray(0, length))).code, `${length}`).toBe("NAS_ARRAY_FILE");
  });

  test("finds every changed value by its checksum, and never fails in another way", () => {
    const values = Buffer.from(encoded).indexOf(Buffer.from(ARRAYS.get("matrix")!.values.buffer));
    for (let at = 0; at < encoded.length; at++) {
      const changed = encoded.slice();
      changed[at] = changed[at]! ^ 0x11;
      let error: HarnessError | null = null;
      try {
        decoded(changed);
      } catch (thrown) {
        expect(thrown, `byte ${at}`).toBeInstanceOf(HarnessError);
        error = thrown as HarnessError;
      }
      if (at >= values && at < values + 24) expect(error?.message, `byte ${at}`).toContain("checksum");
    }
  });

  test("refuses what is no array, and arrays that are there twice", () => {
    const text = Buffer.from(encoded).toString("latin1");
    const renamed = (to: string) => Buffer.from(text.replaceAll("vector.npy", to), "latin1");
    expect(harnessErrorOf(() => decoded(renamed("vector.txt"))).message).toContain('"vector.txt" in it is no array');
    expect(harnessErrorOf(() => decoded(renamed("matrix.npy"))).message).toContain("the array matrix is there twice");
  });

  test("unpacks no more than an entry says that it holds", () => {
    const bomb = zipSync({ "a.npy": new Uint8Array(1 << 20) }, { level: 9 });
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    const list = Buffer.from(bomb).indexOf(Buffer.from("PK\x01\x02", "latin1"));
    view.setUint32(list + 24, 100, true);
    expect(harnessErrorOf(() => decoded(bomb)).message).toContain("does not unpack");
    view.setUint32(list + 24, 0x7fffffff, true);
    expect(harnessErrorOf(() => decoded(bomb)).message).toContain("packed in a way that is not read");
  });
});
