import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { readPickle } from "../../../core/files/pickle/pickle-reader.ts";
import { streamEntries } from "../../../core/files/pickle/pickle-stream.ts";
import { OFFICIAL_PICKLE } from "../../../core/importers/official/official-names.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { hasNumpy, needsNumpy, runPython } from "../../helpers/numpy.ts";
import { architectureValue } from "../../helpers/official-results.ts";
import { plain } from "../../helpers/pickle-plain.ts";
import { type Picklable, writePickle } from "../../helpers/pickle-writer.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";

type Part = number | string;
const bytesOf = (...parts: readonly Part[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.of(part) : Buffer.from(part, "latin1"))));
const start = [0x80, 4];
const many = (text: string, count: number) => text.repeat(count);

test.each<[string, string, readonly Part[]]>([
  ["os.system", "os.system, which is not run", ["cos\nsystem\nX", 2, 0, 0, 0, "ls\x85R."]],
  ["posix.system", "posix.system, which is not run", ["cposix\nsystem\n."]],
  [
    "a name from the stack",
    "subprocess.Popen, which is not run",
    [0x8c, 10, "subprocess", 0x8c, 5, "Popen", 0x93, "."],
  ],
  ["eval", "builtins.eval, which is not run", ["cbuiltins\neval\n."]],
  [
    "a class of torch that is not known",
    "torch._utils._import_dotted_name, which is not run",
    ["ctorch._utils\n_import_dotted_name\n."],
  ],
  ["a name without an end", "the name of something is too long", ["c", many("a", 10_000)]],
  ["a text as a function", "something else is called", [0x8c, 1, "a", ")R."]],
  ["a name that may only be mentioned", "something else is called", ["ctorch\nFloatStorage\n)R."]],
  ["arguments that are no tuple", "something else is called", ["ccollections\nOrderedDict\n]R."]],
  [
    "an OrderedDict of arguments",
    "an OrderedDict is written in a form",
    ["ccollections\nOrderedDict\nK", 1, 0x85, "R."],
  ],
  ["a class made new", "the opcode 0x81 is not read", ["ccollections\nOrderedDict\n)", 0x81, "."]],
  ["an unknown opcode", "the opcode 0xff is not read", [0xff, "."]],
  ["a list in itself", "or of itself", ["]", 0x94, "h", 0, "a."]],
  ["a list in itself by way of a tuple", "or of itself", ["]", 0x94, "h", 0, 0x85, "a."]],
  ["a dict in itself", "or of itself", ["}", 0x94, "K", 1, "h", 0, "s."]],
  ["a list in a list in itself", "or of itself", ["]", 0x94, "]", 0x94, "h", 0, "ah", 1, "a."]],
  ["a set in itself by way of a tuple", "or of itself", [0x8f, 0x94, "(h", 0, 0x85, 0x90, "."]],
  ["an item for a list that is part of another", "or of itself", ["]](]", 0x94, "eh", 0, "K", 1, "a."]],
  ["an entry for a tuple", "an entry is set in no dict", [")K", 1, "K", 1, "s."]],
  ["an odd number of entries", "an entry is set in no dict", ["}(K", 1, "u."]],
  ["an entry below a mark", "an entry is set in no dict", ["}K", 1, "K", 1, "(s."]],
  ["an item for a tuple", "appended to what is no list", [")K", 1, "a."]],
  ["an item for no set", "added to what is no set", ["](K", 1, 0x90, "."]],
  ["a dict as a key", "a key that can't be one", ["}}K", 1, "s."]],
  ["a tuple over a mark", "an opcode finds nothing on the stack", ["K", 1, "(", 0x85, "."]],
  ["100,000 lists in one another", "nested more than 1000 deep", [many("]", 100_000), many("a", 99_999), "."]],
  ["100,000 tuples in one another", "nested more than 1000 deep", ["N", many("\x85", 100_000), "."]],
  ["100,000 marks", "too many marks", [many("(", 100_000)]],
  ["5,000,000 values on the stack", "too many values wait", [many("N", 5_000_000)]],
  ["5,000,000 dicts", "holds more at once", [many("}", 5_000_000)]],
  ["an id far ahead", "is out of order", ["Nr", 255, 255, 255, 255, "."]],
  ["an id that was never stored", "nothing was stored as 4294967295", ["j", 255, 255, 255, 255, "."]],
  ["a text longer than the file", "ends too early", ["X", 255, 255, 255, 0, "a."]],
  ["a text longer than any", "is too long", [0x8d, 0, 0, 0, 0, 255, 0, 0, 0, "a."]],
  ["bytes longer than the file", "ends too early", [0x8e, 0, 0, 0, 0, 255, 0, 0, 0, "a."]],
  ["bytes longer than any file", "larger than any file", [0x96, ...Array<number>(8).fill(255), "a."]],
  ["an integer of a megabyte", "an integer of 1048576 bytes", [0x8b, 0, 0, 16, 0, "."]],
  ["a text that is not UTF-8", "a text is not UTF-8", [0x8c, 2, "\xff\xfe."]],
  ["a state for a set", "something else than an array is given a state", [0x8f, "}b."]],
  ["a scalar without bytes", "a scalar has no type", ["cnumpy.core.multiarray\nscalar\n", ")R."]],
  ["a set of a number", "a set is made of no list", ["c__builtin__\nset\nK", 1, 0x85, "R."]],
])("%s is refused", (_, what, parts) => {
  const { code, details } = harnessErrorOf(() => readPickle(bytesOf(...start, ...parts), "f", OFFICIAL_PICKLE));
  expect(code).toBe("NAS_PICKLE");
  expect(details.what).toContain(what);
  expect(details.where).toMatch(/^f, byte \d+$/);
});

test("names of torch and OrderedDict are known only where the caller says so", () => {
  for (const name of [
    "collections\nOrderedDict",
    "torch._utils\n_rebuild_tensor_v2",
    "torch.storage\n_load_from_bytes",
  ]) {
    const bytes = bytesOf(...start, `c${name}\n.`);
    expect(harnessErrorOf(() => readPickle(bytes, "f")).details.what).toContain(
      `${name.replace("\n", ".")}, which is not run`,
    );
    readPickle(bytes, "f", OFFICIAL_PICKLE);
  }
});

/** Reads a pickle in pieces of a size; entries of `arch2infos` are handed out. */
async function streamed(bytes: Uint8Array, piece: number): Promise<{ entries: unknown[]; root: unknown }> {
  const open = async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  const source = { ...OFFICIAL_PICKLE, file: "f", open, key: "arch2infos", begin: () => {} };
  const entries = streamEntries({ ...source, convert: (key, value) => [plain(key), plain(value)] });
  const read: unknown[] = [];
  for (;;) {
    const { done, value } = await entries.next();
    if (done === true) return { entries: read, root: plain(value as Parameters<typeof plain>[0]) };
    read.push(value);
  }
}

const file = (protocol: 2 | 4) =>
  writePickle(
    new Map<Picklable, Picklable>([
      ["meta_archs", ["a", "b"]],
      ["arch2infos", new Map([7, 300, 5].map((index) => [index, architectureValue(index, "12", { cifar10: [1] })]))],
      ["evaluated_indexes", new Set([7, 300, 70_000])],
    ]),
    protocol,
  );

describe.each([2, 4] as const)("a file of protocol %i", (protocol) => {
  const bytes = file(protocol);

  test("in pieces of any size gives the same as in one", async () => {
    const whole = await streamed(bytes, bytes.length);
    expect(whole.entries).toEqual(
      (plain(readPickle(bytes, "f", OFFICIAL_PICKLE)) as { arch2infos: { pairs: unknown[] } }).arch2infos.pairs,
    );
    expect(whole.root).toEqual({
      meta_archs: ["a", "b"],
      arch2infos: {},
      evaluated_indexes: { set: [7, 300, 70_000] },
    });
    for (const piece of [1, 7, 1000]) expect(await streamed(bytes, piece)).toEqual(whole);
  });

  test("cut at any byte is refused, in a stream and as a whole", async () => {
    const small = writePickle(
      new Map<Picklable, Picklable>([["arch2infos", new Map([[1, new Map([["a", [1, 2]]])]])]]),
      protocol,
    );
    for (let end = 1; end < small.length; end++) {
      expect(harnessErrorOf(() => readPickle(small.subarray(0, end), "f")).code).toBe("NAS_PICKLE");
      await expect(streamed(small.subarray(0, end), 5)).rejects.toMatchObject({ code: "NAS_PICKLE" });
    }
  });

  test("with any bytes changed ends with a value or an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        await streamed(changed, 4096).catch((thrown: unknown) => expect(thrown).toBeInstanceOf(HarnessError));
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

test("a value of an earlier entry that comes again is the same value", async () => {
  const shared = new Map<Picklable, Picklable>([["values", [1, 2, 3]]]);
  const entries = [1, 2, 3, 4].map((key): [number, Picklable] => [
    key,
    new Map<Picklable, Picklable>([
      ["own", [key]],
      ["shared", key % 2 === 0 ? shared : null],
    ]),
  ]);
  const bytes = writePickle(new Map<Picklable, Picklable>([["arch2infos", new Map(entries)]]), 4);
  const { entries: read } = await streamed(bytes, 10);
  expect(read).toEqual(
    [1, 2, 3, 4].map((key) => [key, { own: [key], shared: key % 2 === 0 ? { values: [1, 2, 3] } : null }]),
  );
});

describe.skipIf(!hasNumpy)(needsNumpy("what Python writes"), () => {
  test.each([2, 3, 4, 5])("in protocol %i: sets, scalars, large integers, keys of any kind", (protocol) => {
    const path_ = path.join(temporaryFolder(), "value");
    runPython(
      `import sys, pickle, numpy, collections
value = {"set": {3}, "frozen": frozenset([4]), "scalars": [numpy.float64(1.5), numpy.float32(0.25), numpy.int64(-7), numpy.uint8(9)],
  "large": [2**80, -2**80, 2**31, -1], "keys": {1: "a", ("cifar10", 777): "b"}, "empty": b"", "bytes": bytes(range(256)),
  "ordered": collections.OrderedDict([("z", 1), ("a", 2)])}
with open(sys.argv[1], "wb") as f: pickle.dump(value, f, protocol=int(sys.argv[2]))`,
      path_,
      String(protocol),
    );
    expect(plain(readPickle(readFileSync(path_), path_, OFFICIAL_PICKLE))).toEqual({
      set: { set: [3] },
      frozen: { set: [4] },
      scalars: [1.5, 0.25, -7, 9],
      large: [2n ** 80n, -(2n ** 80n), 2 ** 31, -1],
      keys: {
        pairs: [
          [1, "a"],
          [{ tuple: ["cifar10", 777] }, "b"],
        ],
      },
      empty: { bytes: [] },
      bytes: { bytes: Array.from({ length: 256 }, (_, byte) => byte) },
      ordered: { z: 1, a: 2 },
    });
  });
});
