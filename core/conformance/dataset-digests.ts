import { fork } from "node:child_process";
import path from "node:path";
import type { DatasetSubject, SplitDigests } from "./dataset-subject.ts";

/** What the process that reads a dataset is told. */
export interface DigestRequest {
  /** Absolute path of the plugin's folder. */
  readonly folder: string;
  /** Folder of its files that the user named, or null. */
  readonly from: string | null;
}

/** What it answers: the digests, or what it could not read. */
export interface DigestAnswer {
  readonly digests: SplitDigests | null;
  readonly faults: readonly string[];
}

const PROCESS_FILE = path.join(import.meta.dirname, `dataset-digest-process${path.extname(import.meta.filename)}`);
/** Far more than reading takes; so that a plugin which waits for something does not hold the check forever. */
const LIMIT_MS = 600_000;

/** Reads a dataset in a fresh process, where nothing of an earlier reading is left. */
export function digestsInProcess({ plugin, from }: DatasetSubject): Promise<DigestAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS_FILE, {
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    let answer: DigestAnswer | null = null;
    child.on("message", (message: DigestAnswer) => {
      answer = message;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const ended = `the process that read the images ended with ${signal ?? `exit code ${code}`} and without an answer`;
      resolve(answer ?? { digests: null, faults: [ended] });
    });
    child.send({ folder: plugin.folder, from } satisfies DigestRequest);
  });
}
