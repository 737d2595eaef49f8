import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { NpyArray } from "../../core/files/npy-file.ts";
import { encodeNpz } from "../../core/files/npz-file.ts";
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
  const script = `import { encodeNpz } from ${JSON.stringify(module)};
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
