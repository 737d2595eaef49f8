import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { readPickle } from "../../../core/files/pickle/pickle-reader.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { hasNumpy, needsNumpy, runPython } from "../../helpers/numpy.ts";
import { imageBatch } from "../../helpers/pickle-bytes.ts";
import { plain } from "../../helpers/pickle-plain.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

const read = (...parts: (number | string)[]) =>
  plain(
    readPickle(
      Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part)))),
      "f",
    ),
  );
const start = [0x80, 2];

test.each<[string, (number | string)[], unknown]>([
  ["None", ["N."], null],
  ["True and False in a tuple", [0x88, 0x89, 0x86, "."], { tuple: [true, false] }],
  ["small integers", ["](", "K", 255, "M", 1, 2, "J", 255, 255, 255, 255, "e."], [255, 513, -1]],
  ["a long integer", [0x8a, 2, 0, 255, "."], -256],
  ["an empty long integer", [0x8a, 0, "."], 0],
  ["a float", ["G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, "."], 1.5],
  ["a text", ["X", 3, 0, 0, 0, "aä", "."], "aä"],
  ["Python 2's bytes", ["U", 2, "ab", "."], { bytes: [97, 98] }],
  ["something stored and recalled", ["]q", 5, "h", 5, 0x86, "."], { tuple: [[], []] }],
  ["an entry", ["}U", 1, "a", "K", 1, "s."], { a: 1 }],
  ["an item", ["]K", 1, "a."], [1]],
  ["an empty tuple and one of a mark", ["()", "K", 1, "t."], { tuple: [{ tuple: [] }, 1] }],
])("%s", (_, parts, value) => {
  expect(read(...start, ...parts)).toEqual(value);
});

test.each([2, 3] as const)("a batch as Python %i writes it", (writer) => {
  const pixels = Uint8Array.from({ length: 600 }, (_, at) => at % 256);
  const value = plain(readPickle(imageBatch(pixels, [1, 1000], writer), "f"));
  expect(value).toEqual({ data: { type: "u1", shape: [2, 300], bytes: [...pixels] }, labels: [1, 1000] });
});

test.each<[string, string, (number | string)[]]>([
  ["an empty file", "this is no pickle of protocol 2 or higher", []],
  ["protocol 0", "this is no pickle of protocol 2 or higher", ["I1\n."]],
  ["protocol 6", "the pickle is of protocol 6", [0x80, 6, "N."]],
  [
    "a call of the system",
    "the pickle calls upon os.system, which is not run",
    [...start, "cos\nsystem\n", "U", 2, "ls", 0x85, "R."],
  ],
  ["eval", "the pickle calls upon builtins.eval, which is not run", [...start, "cbuiltins\neval\n."]],
  ["a name from the stack", "the pickle calls upon os.system", [...start, "U", 2, "os", "U", 6, "system", 0x93, "."]],
  ["a name of numpy's that is called but should not", "something else is called", [...start, "cnumpy\nndarray\n)R."]],
  ["a class made new", "the opcode 0x81 is not read", [...start, "cnumpy\ndtype\n)", 0x81, "."]],
  ["an outside object", "the opcode 0x51 is not read", [...start, "NQ."]],
  ["an extension", "the opcode 0x82 is not read", [...start, 0x82, 1, "."]],
  ["no end", "the pickle ends too early", [...start, "N"]],
  ["a text that is cut", "the pickle ends too early", [...start, "X", 255, 0, 0, 0, "a"]],
  ["a text that no file holds", "a text of 4294967295 bytes is too long", [...start, "X", 255, 255, 255, 255, "a"]],
  ["bytes that no file holds", "a length is larger than any file", [...start, 0x8e, ...Array(8).fill(255)]],
  ["an integer that is too large", "an integer of 65536 bytes is too large", [...start, 0x8b, 0, 0, 1, 0, "."]],
  ["nothing on the stack", "an opcode finds nothing on the stack", [...start, "."]],
  ["a mark as the result", "an opcode finds nothing on the stack", [...start, "(."]],
  ["no mark", "an opcode finds no mark", [...start, "]e."]],
  ["nothing stored", "nothing was stored as 7", [...start, "h", 7, "."]],
  ["an item for no list", "appended to what is no list", [...start, "}Na."]],
  ["an entry for no dict", "an entry is set in no dict", [...start, "]", "NNs."]],
  ["a key that is a list", "a dict has a key that can't be one", [...start, "}]Ns."]],
  ["a state for a list", "something else than an array is given a state", [...start, "]Nb."]],
  ["objects as elements", "the element type O8 is not read", [...start, "cnumpy\ndtype\nU", 2, "O8", 0x85, "R."]],
  [
    "another codec",
    "an encoding that is not read",
    [...start, "c_codecs\nencode\nX", 1, 0, 0, 0, "a", "U", 3, "hex", 0x86, "R."],
  ],
])("%s is refused", (_, what, parts) => {
  const { code, details } = harnessErrorOf(() => read(...parts));
  expect(code).toBe("NAS_PICKLE");
  expect(details.what).toContain(what);
  expect(details.where).toMatch(/^f, byte \d+$/);
});

test("an array whose shape and bytes disagree is refused", () => {
  const bytes = imageBatch(new Uint8Array(600), [1, 2], 2);
  // The number of columns: BININT 300.
  const at = bytes.indexOf(Buffer.of(0x4a, 0x2c, 1, 0, 0));
  bytes[at + 1] = 0x2d;
  expect(harnessErrorOf(() => readPickle(bytes, "f")).details.what).toBe("an array of [2,301] u1 has 600 bytes");
});

test("whatever bytes there are, it ends with a value or NAS_PICKLE", () => {
  const batch = imageBatch(new Uint8Array(24), [1, 300], 3);
  fc.assert(
    fc.property(fc.nat(batch.length - 1), fc.nat(255), fc.uint8Array({ maxLength: 20 }), (at, byte, more) => {
      const changed = Buffer.concat([batch.subarray(0, at), Buffer.of(byte), batch.subarray(at + 1), more]);
      try {
        readPickle(changed, "f");
      } catch (error) {
        expect(error).toBeInstanceOf(HarnessError);
      }
    }),
    { numRuns: 2000, seed: 1 },
  );
});

describe.skipIf(!hasNumpy)(needsNumpy("what Python and numpy write"), () => {
  test.each([2, 3, 4])("in protocol %i", (protocol) => {
    const file = path.join(temporaryFolder(), "batch");
    runPython(
      `import sys, pickle, numpy
data = numpy.arange(600, dtype=numpy.int64).astype(numpy.uint8).reshape(2, 300)
batch = {"data": data, "labels": [1, 70000], "mean": data.mean(axis=0), "name": "a\\u00e4", "few": (1, -5, 2.5, None, True)}
with open(sys.argv[1], "wb") as f: pickle.dump(batch, f, protocol=int(sys.argv[2]))`,
      file,
      String(protocol),
    );
    const { data, labels, mean, name, few } = plain(readPickle(readFileSync(file), file)) as Record<string, unknown>;
    const bytes = Array.from({ length: 600 }, (_, at) => at % 256);
    expect(data).toEqual({ type: "u1", shape: [2, 300], bytes });
    expect({ labels, name, few }).toEqual({ labels: [1, 70000], name: "aä", few: { tuple: [1, -5, 2.5, null, true] } });
    expect(mean).toMatchObject({ type: "f8", shape: [300] });
  });

  test("column by column, big-endian and objects are refused", () => {
    const folder = temporaryFolder();
    for (const [at, [array, what]] of [
      ["numpy.asfortranarray(numpy.zeros((2, 3), dtype=numpy.uint8))", "written column by column"],
      ["numpy.zeros(3, dtype='>i4')", "elements i4 are big-endian"],
      ["numpy.array([None, {}])", "the element type O8 is not read"],
    ].entries()) {
      const file = path.join(folder, String(at));
      runPython(`import sys, pickle, numpy\npickle.dump(${array}, open(sys.argv[1], "wb"), protocol=3)`, file);
      expect(harnessErrorOf(() => readPickle(readFileSync(file), file)).details.what).toContain(what);
    }
  });
});
