import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { lockFolder } from "../../core/files/folder-lock.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const lockFile = (folder: string) => path.join(folder, ".lock");

const refusalOf = (folder: string) => harnessErrorOf(() => lockFolder(folder).release());

/** A process that holds the folder's lock; resolves once it does. */
function holder(folder: string): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, "hold-lock.ts");
  const child = spawn(process.execPath, ["--no-warnings", script, folder], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.stdout.once("data", () => resolve(child));
    child.once("exit", (code) => reject(new Error(`the holder ended with ${code}`)));
  });
}

function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

test("is taken, made visible, released, and taken again", () => {
  const folder = path.join(temporaryFolder(), "new", "results");
  const lock = lockFolder(folder);
  expect(readdirSync(folder)).toEqual([".lock"]);
  expect(JSON.parse(readFileSync(lockFile(folder), "utf8"))).toMatchObject({ pid: process.pid, host: os.hostname() });
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  lockFolder(folder).release();
});

test("a second holder in the same process is refused, and the first keeps it", () => {
  const folder = temporaryFolder();
  const lock = lockFolder(folder);
  const error = refusalOf(folder);
  expect(error.code).toBe("NAS_OUTPUT_LOCKED");
  expect(error.exitCode).toBe(4);
  expect(error.details.what).toContain(`process ${process.pid} on ${os.hostname()}`);
  expect(error.details.where).toBe(folder);
  expect(error.details.next).toContain(lockFile(folder));
  expect(existsSync(lockFile(folder))).toBe(true);
  lock.release();
});

test("releasing twice does not take the next holder's lock away", () => {
  const folder = temporaryFolder();
  const first = lockFolder(folder);
  first.release();
  const second = lockFolder(folder);
  first.release();
  expect(refusalOf(folder).code).toBe("NAS_OUTPUT_LOCKED");
  second.release();
});

test("another process is refused while it lives and replaced once it was killed", async () => {
  const folder = temporaryFolder();
  const child = await holder(folder);
  const error = refusalOf(folder);
  expect(error.code).toBe("NAS_OUTPUT_LOCKED");
  expect(error.details.what).toContain(`process ${child.pid} `);
  await kill(child);
  expect(existsSync(lockFile(folder))).toBe(true);
  const lock = lockFolder(folder);
  expect(JSON.parse(readFileSync(lockFile(folder), "utf8"))).toMatchObject({ pid: process.pid });
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

describe("a lock that was left behind", () => {
  const write = (folder: string, content: object | string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(lockFile(folder), typeof content === "string" ? content : JSON.stringify(content));
  };

  test("by a process number that is in use again is taken over", () => {
    const folder = temporaryFolder();
    // This very process, but started at another time than the lock says.
    write(folder, { pid: process.pid, host: os.hostname(), started: "1" });
    if (process.platform === "linux") lockFolder(folder).release();
    else expect(refusalOf(folder).code).toBe("NAS_OUTPUT_LOCKED");
  });

  test("by another machine is respected: nobody here can tell whether that process lives", () => {
    const folder = temporaryFolder();
    write(folder, { pid: 999_999_999, host: "another-machine", started: "" });
    const error = refusalOf(folder);
    expect(error.details.what).toContain("process 999999999 on another-machine");
    expect(JSON.parse(readFileSync(lockFile(folder), "utf8"))).toMatchObject({ host: "another-machine" });
  });

  test.each([
    ["no JSON", "locked by hand"],
    ["another JSON", "[1, 2]"],
    ["JSON's null", "null"],
    ["a process number that is none", JSON.stringify({ pid: "x", host: os.hostname(), started: "" })],
  ])("with a content that is %s is respected", (_, content) => {
    const folder = temporaryFolder();
    write(folder, content);
    const error = refusalOf(folder);
    expect(error.code).toBe("NAS_OUTPUT_LOCKED");
    expect(error.details.what).toBe("another process is writing to this folder");
    expect(error.details.next).toContain("delete");
    expect(readFileSync(lockFile(folder), "utf8")).toBe(content);
  });
});

test("a folder that can't be made is a failed write, not a lock", () => {
  const file = path.join(temporaryFolder(), "a-file");
  writeFileSync(file, "");
  expect(refusalOf(path.join(file, "results")).code).toBe("NAS_WRITE_FAILED");
});

test("of many processes that want a dead one's lock at once, exactly one gets it", async () => {
  const folder = temporaryFolder();
  const dead = await holder(folder);
  await kill(dead);
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => holder(folder)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test.skipIf(process.platform !== "linux")(
  "of a killed process that nobody has waited for is taken over (Linux)",
  async () => {
    const folder = temporaryFolder();
    const script = path.join(import.meta.dirname, "hold-lock.ts");
    // The parent becomes `sleep`, which never asks for its child's end: killed, the child stays as a zombie.
    const command = '"$0" --no-warnings "$1" "$2" & exec sleep 60';
    const parent = spawn("sh", ["-c", command, process.execPath, script, folder], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => {
      parent.kill("SIGKILL");
    });
    await new Promise((resolve) => parent.stdout.once("data", resolve));
    const { pid } = JSON.parse(readFileSync(lockFile(folder), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) await new Promise(setImmediate);
    lockFolder(folder).release();
  },
);
