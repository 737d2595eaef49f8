import { fork } from "node:child_process";
import path from "node:path";
import { HarnessError } from "../../errors/harness-error.ts";
import type { BackendName } from "../backend.ts";
import { type Check, failedCheck } from "./check.ts";

const PROCESS_FILE = path.join(import.meta.dirname, `backend-check-worker${path.extname(import.meta.filename)}`);
/** A driver that hangs must not hang the whole diagnosis. */
const LONGEST_MS = 120_000;
const LONGEST_REASON = 300;

/** The end of what a process said before it died. */
function reasonOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-2).join(" ").slice(-LONGEST_REASON);
}

/**
 * Checks a backend in a process of its own: a native library may end the process that loads it.
 * @param needed whether the harness needs this backend
 */
export function checkBackendApart(name: BackendName, needed: boolean): Promise<Check[]> {
  return new Promise((resolve) => {
    const child = fork(PROCESS_FILE, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    const checks: Check[] = [];
    let isDone = false;
    let stderr = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr = `${stderr}${text}`.slice(-10_000);
    });
    child.on("message", (message: Check | "done") => {
      if (message === "done") isDone = true;
      else checks.push(message);
    });
    let isEnded = false;
    const end = (how: string) => {
      if (isEnded) return;
      isEnded = true;
      clearTimeout(timer);
      if (!isDone) {
        const error = new HarnessError("NAS_TRAINING_BACKEND", {
          what: `the process that checked the backend ${name} ${how}${stderr === "" ? "" : `: ${reasonOf(stderr)}`}`,
          next: needed ? "install the harness again" : "reinstall the backend's package, or leave it",
        });
        checks.push(failedCheck(`process ${name}`, needed, error));
      }
      resolve(checks);
    };
    child.on("error", (error) => end(`could not be started: ${error.message}`));
    child.on("close", (code, signal) =>
      end(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
    child.send(name);
  });
}
