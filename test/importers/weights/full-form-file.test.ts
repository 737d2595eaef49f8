import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../../core/errors/harness-error.ts";
import { findFullFormFile, readFullForm } from "../../../core/importers/weights/full-form-file.ts";
import { stateDictArrays } from "../../../core/importers/weights/state-dict.ts";
import { matchingTrainings, onlyTraining, trainingText } from "../../../core/importers/weights/training-choice.ts";
import { fullFormRecord, SMALL_STATE } from "../../helpers/full-form-bytes.ts";
import { harnessErrorOf } from "../../helpers/harness-error-of.ts";
import { hasSharedData, needsSharedData, sharedData } from "../../helpers/shared-data.ts";
import { sharedTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { bytesOf, oldForm, type Picklable, pickled, storageReference, tensor } from "../../helpers/torch-bytes.ts";

const folder = sharedTemporaryFolder();

function written(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function faultOf(file: string, architecture: number): Promise<HarnessError> {
  try {
    await readFullForm(file, architecture);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(HarnessError);
    return thrown as HarnessError;
  }
  throw new Error("the file was read");
}

const RECORD = {
  less: [["cifar10-valid", 111, SMALL_STATE]],
  full: [
    ["cifar10-valid", 777, SMALL_STATE],
    ["cifar100", 777, null],
    ["ImageNet16-120", 888, SMALL_STATE],
  ],
} as const;
/** Not packed with bzip2: the reader looks at the first bytes. */
const plain = written("000011.pickle", pickled(fullFormRecord(11, RECORD)));
const archive = written("000011-FULL.pth", oldForm(fullFormRecord(11, RECORD), []));

describe("the trainings of a file", () => {
  test.each([plain, archive])("%s are those that it holds, with the names of this project", async (file) => {
    const trainings = await readFullForm(file, 11);
    expect(trainings.map((training) => [trainingText(training), training.state !== null])).toEqual([
      ["cifar10-valid, 12-epochs, seed 111", true],
      ["cifar10-valid, 200-epochs, seed 777", true],
      ["cifar100, 200-epochs, seed 777", false],
      ["imagenet16-120, 200-epochs, seed 888", true],
    ]);
    expect(stateDictArrays(trainings[0]!.state, "state")).toEqual(
      new Map([["stem.0.weight", { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }]]),
    );
  });

  test("can be of another architecture than was asked for, which is said", async () => {
    const error = await faultOf(plain, 12);
    expect(error.code).toBe("NAS_WEIGHTS");
    expect(error.message).toContain("the file is of architecture 11, not of 12");
    expect(error.details.allowed).toBe("000012.pickle.pbz2 or 000012-FULL.pth");
  });

  test.each<[string, Uint8Array, string]>([
    ["cut", pickled(fullFormRecord(11, RECORD)).subarray(0, -40), "NAS_PICKLE"],
    ["text", Buffer.from("net_state_dict"), "NAS_PICKLE"],
    ["list", pickled([1, 2]), "NAS_OFFICIAL_FILE"],
    ["no-recipe", pickled(new Map()), "NAS_OFFICIAL_FILE"],
    ["bzip2", Buffer.from("BZh9 and then nothing"), "NAS_BZIP2"],
    ["call", pickled(new Map([["12", { call: "os system", args: ["true"] } as Picklable]])), "NAS_PICKLE"],
    ["number", pickled(fullFormRecord(11, { less: [["cifar10", 111, 5]] })), "NAS_WEIGHTS"],
  ])("in a file that is broken (%s) are refused", async (name, bytes, code) => {
    const file = written(`${name}.bin`, bytes);
    if (name !== "number") return expect((await faultOf(file, 11)).code).toBe(code);
    const [training] = await readFullForm(file, 11);
    return expect(harnessErrorOf(() => stateDictArrays(training!.state, "state")).code).toBe(code);
  });

  test.skipIf(!hasSharedData)(needsSharedData("of a genuine file of the simple form have no weights"), async () => {
    const file = sharedData("official-samples", "000011.pickle.pbz2");
    const trainings = await readFullForm(file, 11);
    expect(trainings.length).toBeGreaterThan(10);
    const { code, message } = harnessErrorOf(() =>
      matchingTrainings(trainings, { dataset: null, recipe: null, seed: null }, file),
    );
    expect(code).toBe("NAS_WEIGHTS");
    expect(message).toMatch(/the curves of \d+ trainings and no weights: it is of the simple form/);
  });
});

describe("a state dict", () => {
  const values = Float32Array.of(1, 2);
  const arraysOf = async (state: Picklable) => {
    const file = written(
      "state.pth",
      oldForm(
        fullFormRecord(3, { full: [["cifar10", 777, state]] }),
        state instanceof Map && state.size === 0 ? [] : [["0", 2, bytesOf(values)]],
      ),
    );
    const [training] = await readFullForm(file, 3);
    return harnessErrorOf(() => stateDictArrays(training!.state, "file, training"));
  };
  const own = tensor(storageReference("0", 2), [2], [1]);

  test.each<[string, Picklable, string]>([
    [
      "an entry that is no tensor",
      new Map<string, Picklable>([
        ["a", own],
        ["b", 5],
      ]),
      "b is no tensor",
    ],
    ["a name that is a path", new Map([["../a", own]]), "has a name that is none"],
    ["a name that is a number", new Map([[5, own]]), "has a name that is none"],
    ["nothing", new Map(), "net_state_dict is empty"],
    ["a list", [own], "net_state_dict is no dict"],
  ])("with %s is refused", async (_title, state, what) => {
    const error = await arraysOf(state);
    expect(error.code).toBe("NAS_WEIGHTS");
    expect(error.message).toContain(what);
    expect(error.details.where).toBe("file, training");
  });
});

describe("the file of an architecture", () => {
  test("is found in a folder, packed or as an archive, or is the one that was named", () => {
    expect(findFullFormFile(folder, 11)).toBe(archive);
    const packed = written("000011.pickle.pbz2", new Uint8Array(0));
    expect(findFullFormFile(folder, 11)).toBe(packed);
    expect(findFullFormFile(plain, 11)).toBe(plain);
  });

  test("that is not there is named", () => {
    const { code, message, details } = harnessErrorOf(() => findFullFormFile(folder, 12));
    expect(code).toBe("NAS_FILE_NOT_FOUND");
    expect(message).toContain("the folder has no file of architecture 12");
    expect(details.allowed).toBe("000012.pickle.pbz2 or 000012-FULL.pth");
    expect(harnessErrorOf(() => findFullFormFile(path.join(folder, "none"), 12)).message).toContain(
      "no such file or folder",
    );
  });

  test("of all architectures is refused before it is read", () => {
    const large = path.join(folder, "large");
    mkdirSync(large);
    const file = path.join(large, "NAS-Bench-201-v1_1-096897.pth");
    writeFileSync(file, "");
    // Sparse: it takes no place on the disk.
    truncateSync(file, 2 ** 31);
    const { code, message } = harnessErrorOf(() => findFullFormFile(file, 11));
    expect(code).toBe("NAS_WEIGHTS");
    expect(message).toContain("a file of 2147483648 bytes is that of all architectures");
  });
});

describe("a training", () => {
  const read = () => readFullForm(plain, 11);
  const any = { dataset: null, recipe: null, seed: null };

  test("is chosen by dataset, recipe and seed, among those with weights", async () => {
    const trainings = await read();
    const texts = (choice: Partial<Parameters<typeof matchingTrainings>[1]>) =>
      matchingTrainings(trainings, { ...any, ...choice }, plain).map(trainingText);
    expect(texts({})).toHaveLength(3);
    expect(texts({ dataset: "cifar10-valid" })).toHaveLength(2);
    expect(texts({ seed: 888 })).toEqual(["imagenet16-120, 200-epochs, seed 888"]);
    expect(texts({ dataset: "cifar10-valid", recipe: "12-epochs" })).toEqual(["cifar10-valid, 12-epochs, seed 111"]);
  });

  test("that is not there, or not alone, is an error that lists what there is", async () => {
    const trainings = await read();
    const none = harnessErrorOf(() => matchingTrainings(trainings, { ...any, dataset: "cifar100", seed: 777 }, plain));
    expect(none.code).toBe("NAS_NOT_RECORDED");
    expect(none.message).toContain("no weights of cifar100, seed 777");
    expect(none.details.allowed).toContain(
      "- cifar10-valid, 12-epochs, seed 111\n- cifar10-valid, 200-epochs, seed 777",
    );
    const several = harnessErrorOf(() =>
      onlyTraining(matchingTrainings(trainings, { ...any, recipe: "200-epochs" }, plain), plain),
    );
    expect(several.code).toBe("NAS_USAGE");
    expect(several.details.allowed).toBe(
      "- cifar10-valid, 200-epochs, seed 777\n- imagenet16-120, 200-epochs, seed 888",
    );
  });
});
