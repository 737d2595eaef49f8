import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy, type NpyArray } from "../../core/files/npy-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { hasNumpy, needsNumpy, runPython } from "../helpers/numpy.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const decode = (bytes: Uint8Array) => decodeNpy(bytes, "array.npy");
const faultOf = (bytes: Uint8Array) => harnessErrorOf(() => decode(bytes));

const arrays: fc.Arbitrary<NpyArray> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((product, size) => product * size, 1);
  const exactly = { minLength: length, maxLength: length };
  const values = fc.oneof(
    fc.float32Array(exactly),
    fc.float64Array(exactly),
    fc.bigInt64Array(exactly),
  ) as fc.Arbitrary<NpyArray["values"]>;
  return values.map((own) => ({ shape, values: own }));
});

test("arrays of every shape and type are read back as they were", () => {
  fc.assert(
    fc.property(arrays, (array) => {
      expect(decode(encodeNpy(array))).toEqual(array);
      // Also from bytes that start at an odd place of a larger buffer.
      const shifted = Buffer.concat([Buffer.of(7), encodeNpy(array)]).subarray(1);
      expect(decode(shifted)).toEqual(array);
    }),
  );
});

test.skipIf(!hasNumpy)(needsNumpy("what numpy writes is read, also column by column and with a long header"), () => {
  const folder = temporaryFolder();
  const script = `import numpy, sys
from numpy.lib import format
folder = sys.argv[1] + "/"
values = numpy.arange(24, dtype="f4").reshape(2, 3, 4)
numpy.save(folder + "rows.npy", values)
numpy.save(folder + "columns.npy", numpy.asfortranarray(values))
numpy.save(folder + "scalar.npy", numpy.array(7))
numpy.save(folder + "double.npy", numpy.array([0.1, 2]))
for version in ((2, 0), (3, 0)):
    with open(folder + f"version{version[0]}.npy", "wb") as file:
        format.write_array(file, values, version=version)`;
  runPython(script, folder);
  const read = (name: string) => decode(readFileSync(path.join(folder, `${name}.npy`)));
  const values = Float32Array.from({ length: 24 }, (_, at) => at);
  for (const name of ["rows", "columns", "version2", "version3"])
    expect(read(name), name).toEqual({ shape: [2, 3, 4], values });
  expect(read("scalar")).toEqual({ shape: [], values: BigInt64Array.of(7n) });
  expect(read("double")).toEqual({ shape: [2], values: Float64Array.of(0.1, 2) });
});

describe("a file that is none", () => {
  const good = encodeNpy({ shape: [2, 3], values: new Float32Array(6) });

  test("is refused wherever it was cut off", () => {
    for (let length = 0; length < good.length; length++)
      expect(faultOf(good.subarray(0, length)).code, `${length}`).toBe("NAS_ARRAY_FILE");
    expect(faultOf(Buffer.concat([good, Buffer.of(0)])).message).toContain("an array of [2,3] <f4 has 25 bytes");
  });

  /** The file with another header of the same length. */
  const withHeader = (from: string, to: string) =>
    Buffer.from(Buffer.from(good).toString("latin1").replace(from, to.padEnd(from.length)), "latin1");

  test.each([
    ["'<f4'", "'>f4'", "elements of the type >f4 are not read"],
    ["'<f4'", "'<c8'", "elements of the type <c8 are not read"],
    ["'<f4'", "'|O' ", "elements of the type |O are not read"],
    ["(2, 3)", "(9, 9)", "an array of [9,9] <f4 has 24 bytes"],
    ["(2, 3)", "(-2,3)", "names no element type, order or shape"],
    ["False", "Maybe", "names no element type, order or shape"],
  ])("because of %s as %s", (from, to, what) => {
    const error = faultOf(withHeader(from, to));
    expect(error.code).toBe("NAS_ARRAY_FILE");
    expect(error.message).toContain(what);
    expect(error.details.where).toBe("array.npy");
  });

  test("because of its version", () => {
    const other = good.slice();
    other[6] = 9;
    expect(faultOf(other).message).toContain("version 9 is not read");
  });
});
