import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { requireNewFile } from "../../core/cli/output-file.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { sharedTemporaryFolder } from "../helpers/temporary-folder.ts";

const folder = sharedTemporaryFolder();

test.each(["weights", "weights.npy", "weights.npz.gz"])("a file named %s is refused where .npz is due", (name) => {
  const { code, details } = harnessErrorOf(() => requireNewFile(path.join(folder, name), ".npz", "--save"));
  expect(code).toBe("NAS_USAGE");
  expect(details.where).toBe("--save");
  expect(details.allowed).toContain(".npz");
});

test("a file or folder that exists is not overwritten", () => {
  const [file, inner] = [path.join(folder, "there.npz"), path.join(folder, "inner.npz")];
  requireNewFile(file, ".npz", "--save");
  writeFileSync(file, "");
  mkdirSync(inner);
  for (const existing of [file, inner])
    expect(harnessErrorOf(() => requireNewFile(existing, ".npz", "--save")).code).toBe("NAS_OUTPUT_EXISTS");
});
