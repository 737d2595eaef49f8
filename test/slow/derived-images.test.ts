import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type CommandResult, runCommandLine } from "../helpers/command-line.ts";
import { FASHION_MNIST_FOLDER, hasFashionMnist, needsFashionMnist } from "../helpers/fashion-mnist-files.ts";
import { filesBelow } from "../helpers/folder-content.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const NAMES = ["train", "valid", "test"].flatMap((split) => [`${split}-images.idx`, `${split}-labels.idx`]);

function run(cwd: string, ...words: string[]): Promise<CommandResult> {
  return runCommandLine(["dataset", ...words], { cwd });
}

describe.skipIf(!hasFashionMnist)(needsFashionMnist("fashion-mnist-8x8 from the official files"), () => {
  const committed = path.join(REPOSITORY, "plugins/datasets/fashion-mnist-8x8/images");

  test("derive writes the content that is committed", async () => {
    const cwd = temporaryFolder();
    const words = ["derive", "fashion-mnist-8x8", "--from", FASHION_MNIST_FOLDER, "--output", "out"];
    expect((await run(cwd, ...words)).exitCode).toBe(0);
    expect(filesBelow(path.join(cwd, "out"))).toEqual(filesBelow(committed));
    for (const name of NAMES) {
      const [made, kept] = [path.join(cwd, "out"), committed].map((folder) =>
        gunzipSync(readFileSync(path.join(folder, `${name}.gz`))),
      );
      expect(made?.equals(kept as Buffer), name).toBe(true);
    }
    const checksums = (folder: string) => readFileSync(path.join(folder, "checksums.json"), "utf8");
    expect(checksums(path.join(cwd, "out"))).toBe(checksums(committed));
  });

  test("derive --check passes", async () => {
    const { exitCode, stderr } = await run(
      temporaryFolder(),
      ...["derive", "fashion-mnist-8x8", "--from", FASHION_MNIST_FOLDER, "--check"],
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "the images are those of fashion-mnist-8x8 1.0.0\n" });
  });
});
