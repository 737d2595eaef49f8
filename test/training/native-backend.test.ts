import { readFileSync } from "node:fs";
import path from "node:path";
import util from "node:util";
import { describe, expect, test } from "vitest";
import type { Tf } from "../../core/training/backend.ts";
import {
  defineMissingUtilFunctions,
  installCommand,
  loadNativePackage,
  NATIVE_BACKENDS,
  nativePackageFolder,
} from "../../core/training/native-backend.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { writeNativePackage } from "../helpers/native-package.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("the packages are optional peers of the version that is named", () => {
  const manifest = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
  const lock = JSON.parse(readFileSync(path.join(REPOSITORY, "package-lock.json"), "utf8"));
  for (const name of NATIVE_BACKENDS) {
    const [packageName, version] = [`@tensorflow/${name}`, manifest.dependencies["@tensorflow/tfjs"]];
    expect(installCommand(name)).toBe(`npm install ${packageName}@${version}`);
    for (const { peerDependencies, peerDependenciesMeta } of [manifest, lock.packages[""]]) {
      expect(peerDependencies[packageName]).toBe(version);
      expect(peerDependenciesMeta[packageName]).toEqual({ optional: true });
    }
    // npm ci must not fetch hundreds of megabytes.
    expect(lock.packages[`node_modules/${packageName}`]).toBeUndefined();
  }
});

describe("functions of node:util that newer versions of Node.js lack", () => {
  test("are defined where they are missing", () => {
    const functions: Record<string, (value: unknown) => boolean> = {};
    defineMissingUtilFunctions(functions);
    expect([null, undefined, 0, "", Number.NaN].map((value) => functions.isNullOrUndefined!(value))).toEqual([
      ...[true, true, false, false, false],
    ]);
    expect([[], "ab", { length: 1 }].map((value) => functions.isArray!(value))).toEqual([true, false, false]);
  });

  test("are left alone where they exist", () => {
    const own = () => true;
    const functions = { isNullOrUndefined: own };
    defineMissingUtilFunctions(functions);
    expect(functions.isNullOrUndefined).toBe(own);
    expect(functions).toHaveProperty("isArray", Array.isArray);
  });
});

describe("a native backend's package", () => {
  const load = (main: Parameters<typeof writeNativePackage>[2]) => {
    const from = temporaryFolder();
    const folder = writeNativePackage(path.join(from, "node_modules"), "tfjs-node", main);
    return { folder, from, load: () => loadNativePackage("tfjs-node", from) };
  };

  test("that is not installed is named with the command that installs it", () => {
    const from = temporaryFolder();
    expect(nativePackageFolder("tfjs-node-gpu", from)).toBeNull();
    const error = harnessErrorOf(() => loadNativePackage("tfjs-node-gpu", from));
    expect(error).toMatchObject({
      code: "NAS_TRAINING_BACKEND",
      exitCode: 4,
      details: {
        what: "the package @tensorflow/tfjs-node-gpu is not installed",
        next: "npm install @tensorflow/tfjs-node-gpu@4.22.0, or choose another --backend",
      },
    });
  });

  test("is found in a folder above", () => {
    const { folder, from } = load("standIn");
    expect(nativePackageFolder("tfjs-node", path.join(from, "a/b"))).toBe(folder);
    expect(nativePackageFolder("tfjs-node-gpu", path.join(from, "a/b"))).toBeNull();
  });

  test("without its native library is told apart, and the command that gets it is named", () => {
    const { folder, load: action } = load("withoutAddon");
    expect(harnessErrorOf(action)).toMatchObject({
      code: "NAS_TRAINING_BACKEND",
      details: {
        what: expect.stringContaining("is installed without its native library"),
        where: folder,
        next: expect.stringContaining("npm rebuild @tensorflow/tfjs-node;"),
      },
    });
  });

  test.each([
    ["whose library the system refuses", "brokenAddon", /addon\.node/],
    ["that lacks a package of its own", "withoutDependency", /a-package-that-nobody-has-installed/],
  ] as const)("%s is installed but does not load", (_, main, reason) => {
    const { folder, load: action } = load(main);
    const { code, details } = harnessErrorOf(action);
    expect(code).toBe("NAS_TRAINING_BACKEND");
    expect(details.what).toMatch(/^@tensorflow\/tfjs-node does not load: /);
    expect(details.what).toMatch(reason);
    expect(details.what).not.toContain("\n");
    expect(details.where).toBe(folder);
    expect(details.next).toContain("reinstall it (npm install @tensorflow/tfjs-node@4.22.0)");
  });

  test("that uses a removed function of node:util runs", async () => {
    const { load: action } = load("standIn");
    const tf = action() as Tf;
    tf.enableProdMode();
    expect(util).toHaveProperty("isNullOrUndefined");
    expect(await tf.setBackend("tensorflow")).toBe(true);
    expect(tf.tidy(() => [...tf.add([1, 2], [3, 4]).dataSync()])).toEqual([4, 6]);
    tf.removeBackend("tensorflow");
  });
});
