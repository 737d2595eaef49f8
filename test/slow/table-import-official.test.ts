import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { runCommandLine } from "../helpers/command-line.ts";
import { contentOf } from "../helpers/folder-content.ts";
import { hasSharedData, needsSharedData, sharedData } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A file that begins as torch's older container does: the pickled number that says so. */
const TORCH = Buffer.from("80028a0a6cfc9c46f920 6aa850192e8002".replace(/ /g, ""), "hex");

describe("what is refused", () => {
  const importOf = (folder: string, publication: string, file: string, ...more: string[]) =>
    runCommandLine(["table", "import", publication, file, "--output", path.join(folder, "table"), ...more]);

  test.each([
    ["no file", "nats-bench", (): string => "missing", /^NAS_FILE_NOT_FOUND/],
    [
      "an empty folder",
      "nats-bench",
      (folder: string): string => {
        mkdirSync(path.join(folder, "files"));
        return "files";
      },
      /^NAS_OFFICIAL_FILE.*no file in this folder is of an architecture/,
    ],
    [
      "a text",
      "nas-bench-201",
      (folder: string): string => {
        writeFileSync(path.join(folder, "notes.txt"), "notes");
        return "notes.txt";
      },
      /^NAS_OFFICIAL_FILE.*this is no official file/,
    ],
    [
      "a file that is not the one of its name",
      "nas-bench-201",
      (folder: string): string => {
        writeFileSync(path.join(folder, "NAS-Bench-201-v1_1-096897.pth"), TORCH);
        return "NAS-Bench-201-v1_1-096897.pth";
      },
      /^NAS_IMPORT.*096897 neither begins nor ends its MD5/,
    ],
    [
      "a torch file as one of NATS-Bench",
      "nats-bench",
      (folder: string): string => {
        writeFileSync(path.join(folder, "mine.pth"), TORCH);
        return "mine.pth";
      },
      /use table import nas-bench-201 for it/,
    ],
  ] as const)("%s", async (_, publication, make, message) => {
    const folder = temporaryFolder();
    const file = path.join(folder, make(folder));
    const { exitCode, stderr } = await importOf(folder, publication, file);
    expect([2, 4]).toContain(exitCode);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect(readdirSync(folder).filter((name) => name.startsWith("table"))).toEqual([]);
  });

  test("an output that is no table", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "files"));
    writeFileSync(path.join(folder, "files", "000000.pickle.pbz2"), "");
    mkdirSync(path.join(folder, "table"));
    writeFileSync(path.join(folder, "table", "mine.txt"), "mine");
    const { exitCode, stderr } = await importOf(folder, "nats-bench", path.join(folder, "files"), "--overwrite");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^NAS_OUTPUT_EXISTS/);
    expect(existsSync(path.join(folder, "table", "mine.txt"))).toBe(true);
  });

  test("a damaged file, which the error names; what was read is kept", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "files"));
    writeFileSync(path.join(folder, "files", "000000.pickle.pbz2"), "BZh91AY&SY damaged");
    const { exitCode, stderr } = await importOf(folder, "nats-bench", path.join(folder, "files"), "--jobs", "1");
    expect(exitCode).toBe(4);
    expect(stderr).toContain("000000.pickle.pbz2");
    expect(existsSync(path.join(folder, "table"))).toBe(false);
  });

  test("no processes at all", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "files"));
    writeFileSync(path.join(folder, "files", "000000.pickle.pbz2"), "");
    const { exitCode, stderr } = await importOf(folder, "nats-bench", path.join(folder, "files"), "--jobs", "0");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^NAS_USAGE/);
  });
});

describe.skipIf(!hasSharedData)(needsSharedData("the genuine cells"), () => {
  test("become a table that says it is a part; --if-missing does nothing the second time", async () => {
    const folder = path.join(temporaryFolder(), "table");
    const words = ["table", "import", "nats-bench", sharedData("official-samples"), "--output", folder, "--if-missing"];
    const first = await runCommandLine(words);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toContain("a part: 2 of 15625 architectures");
    expect(first.stdout).toMatch(/^cifar10-valid +200-epochs +2 +6 +777: 2, 888: 2, 999: 2$/m);
    const content = contentOf(folder);
    expect(Object.keys(content)).toContain("import-report.json");
    const second = await runCommandLine(words);
    expect(second.exitCode).toBe(0);
    expect(second.stderr).toContain("nothing was done");
    expect(contentOf(folder)).toEqual(content);
    const run = await runCommandLine(["run", "rs", "--protocol", "nats-bench", "--table", folder, "--runs", "1"]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^NAS_TABLE_REFUSED.*no single trial of architecture 1 /);
  });
});

test.each(["nats-bench", "nas-bench-201"])("table import %s --help shows examples", async (publication) => {
  const { stdout } = await runCommandLine(["table", "import", publication, "--help"]);
  expect(stdout).toContain(`nas-harness table import ${publication} `);
  expect(stdout).toContain("Nothing in a pickle is run.");
});
