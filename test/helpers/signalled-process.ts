import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { BIN } from "./command-line.ts";
import { REPOSITORY } from "./shared-data.ts";

/** True where the kernel tells which processes another one has started. */
export const listsChildren: boolean = process.platform === "linux";

/** A process, told apart from a later one with the same number. */
interface RunningProcess {
  readonly pid: number;
  /** Start time in clock ticks since boot. */
  readonly started: string;
}

function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie runs no more; it waits for whoever inherited it.
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function childrenOf(pid: number): RunningProcess[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return pids.split(" ").flatMap((text) => {
      const started = startTimeOf(Number(text));
      return started === null ? [] : [{ pid: Number(text), started }];
    });
  } catch {
    return [];
  }
}

/** How a process that got a signal ended, and what it left behind. */
export interface SignalledResult {
  /** Exit code; null if a signal ended the process. */
  readonly exitCode: number | null;
  readonly stderr: string;
  /** How many processes it had started that were running at that moment. */
  readonly children: number;
  /** Numbers of those that still ran 10 seconds later. */
  readonly survivors: readonly number[];
}

/** Milliseconds after the call, as a moment for {@link signalAt}. */
export function after(milliseconds: number): () => boolean {
  const start = performance.now();
  return () => performance.now() - start >= milliseconds;
}

/**
 * Starts `nas-harness <words>` and sends it a signal as soon as the moment has come, if it has not ended before.
 * @param moment called every few milliseconds with what was printed to stderr so far; true: now
 */
export async function signalAt(
  words: readonly string[],
  signal: "SIGKILL" | "SIGINT",
  moment: (stderr: string) => boolean,
): Promise<SignalledResult> {
  const child = spawn(process.execPath, [BIN, ...words], { cwd: REPOSITORY, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", (exitCode) => {
      over = true;
      resolve(exitCode);
    });
  });
  while (!over && !moment(stderr)) await wait(2);
  const children = childrenOf(child.pid ?? 0);
  child.kill(signal);
  const exitCode = await ended;
  let survivors = children;
  for (let attempt = 0; attempt < 200 && survivors.length > 0; attempt++) {
    survivors = survivors.filter(({ pid, started }) => startTimeOf(pid) === started);
    if (survivors.length > 0) await wait(50);
  }
  // What outlives its parent must not outlive the test.
  for (const { pid } of survivors) process.kill(pid, "SIGKILL");
  return { exitCode, stderr, children: children.length, survivors: survivors.map(({ pid }) => pid) };
}
