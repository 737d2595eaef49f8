import { type ChildProcess, spawn } from "node:child_process";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import { harnessVersion } from "../files/package-version.ts";
import type { GuestCommand } from "./guest-command.ts";
import { LineSplitter } from "./line-splitter.ts";
import { watchMemory } from "./memory-watch.ts";
import { formatMessage, type GuestMessage, type HostMessage, readGuestMessage, WIRE_VERSION } from "./wire-message.ts";

/** Why a method's process is gone, as a sentence's end: "ran out of memory". */
export interface GuestEnd {
  readonly what: string;
  /** The error where the harness ended it because of what it sent. */
  readonly error: HarnessError | null;
  /** The last lines that it printed on stderr. */
  readonly stderr: string;
}

/** What the owner of a guest is told. */
export interface GuestEvents {
  /** All messages that came in one go, in order. What it throws ends the guest. */
  readonly onMessages: (messages: readonly GuestMessage[]) => void;
  /** Called once, when the process is gone. */
  readonly onEnd: (end: GuestEnd) => void;
  /** What it prints on stderr. */
  readonly onOutput?: (text: string) => void;
}

const STDERR_KEPT = 4000;
/** A method that prints for ever must not fill the terminal or the log. */
const STDERR_SHOWN = 1_000_000;
const HANDSHAKE_SECONDS = 60;
const BYTES_PER_MB = 1_048_576;

/**
 * A method's process and the pipe to it. It gets its messages on stdin and sends its own on stdout; it is a group of its own,
 * so that signals to one don't reach the other, and it is killed with everything it started.
 */
export class GuestProcess {
  /** Resolves when it has said that it is ready. @throws NAS_PLUGIN_ENTRY if it ends before */
  readonly ready: Promise<void>;
  readonly #process: ChildProcess;
  readonly #events: GuestEvents;
  readonly #lines = new LineSplitter();
  readonly #stopWatch: () => void;
  #settleReady!: { resolve: () => void; reject: (error: HarnessError) => void };
  #isReady = false;
  #ending: { readonly what: string; readonly error: HarnessError | null } | null = null;
  #stderr = "";
  #shown = 0;
  #handshake: NodeJS.Timeout | null = null;

  constructor(command: GuestCommand, memoryLimitMb: number, events: GuestEvents) {
    this.#events = events;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    // Whoever waits is told; nobody may be waiting any more.
    this.ready.catch(() => {});
    this.#process = spawn(command.program, command.args, {
      cwd: command.cwd,
      env: { ...command.env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const { pid, stdin, stdout, stderr } = this.#process;
    this.#stopWatch =
      pid === undefined
        ? () => {}
        : watchMemory(pid, memoryLimitMb * BYTES_PER_MB, () =>
            this.kill(`used more than ${memoryLimitMb} MB of memory (--memory-limit)`),
          );
    // A guest that is gone closes its end: its exit says more than a broken pipe.
    stdin?.on("error", () => {});
    stdout?.on("data", (chunk: Buffer) => this.#receive(chunk));
    stderr?.on("data", (chunk: Buffer) => this.#print(chunk.toString("utf8")));
    this.#process.on("error", (cause) => {
      this.#ending ??= { what: `could not be started: ${messageOf(cause)}`, error: null };
      if (pid === undefined) this.#closed(null, null);
    });
    this.#process.on("close", (code, signal) => this.#closed(code, signal));
    this.#handshake = setTimeout(
      () => this.kill(`did not answer the handshake within ${HANDSHAKE_SECONDS} s`),
      HANDSHAKE_SECONDS * 1000,
    );
    this.send([{ type: "hello", versions: [WIRE_VERSION], harness: harnessVersion() }]);
  }

  /** Sends messages in one go. */
  send(messages: readonly HostMessage[]): void {
    if (messages.length > 0 && this.#ending === null) this.#process.stdin?.write(messages.map(formatMessage).join(""));
  }

  /** Lets it end by itself; it is killed if it does not within a second. */
  stop(): void {
    if (this.#ending !== null) return;
    this.send([{ type: "stop" }]);
    this.#ending = { what: "was stopped", error: null };
    this.#process.stdin?.end();
    const timer = setTimeout(() => this.#killAll(), 1000);
    this.#process.once("close", () => clearTimeout(timer));
  }

  /** Ends it at once, with all that it started. `what` is the end of a sentence that begins with the method. */
  kill(what: string, error: HarnessError | null = null): void {
    this.#ending ??= { what, error };
    this.#killAll();
  }

  #killAll(): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    try {
      // The whole group: a box dies with its bwrap, a bare process may have children.
      process.kill(-pid, "SIGKILL");
    } catch {
      this.#process.kill("SIGKILL");
    }
  }

  #receive(chunk: Buffer): void {
    if (this.#ending !== null) return;
    try {
      const lines = this.#lines.push(chunk);
      // Before the rest is read: a program of another version may go on in a way that this one does not know.
      if (!this.#isReady && lines.length > 0) this.#greet(readGuestMessage(lines.shift() as string));
      if (lines.length > 0) this.#events.onMessages(lines.map(readGuestMessage));
    } catch (thrown) {
      const error =
        thrown instanceof HarnessError ? thrown : new HarnessError("NAS_INTERNAL", { what: messageOf(thrown) });
      this.kill(error.details.what, error);
    }
  }

  /** Takes the handshake's answer. @throws NAS_GUEST_MESSAGE if it is none, or of another version */
  #greet(first: GuestMessage): void {
    if (first.type !== "ready" || first.version !== WIRE_VERSION) {
      const sent = first.type === "ready" ? `version ${first.version} of the wire protocol` : `"${first.type}"`;
      throw new HarnessError("NAS_GUEST_MESSAGE", {
        what: `the method answered the handshake with ${sent}`,
        allowed: `{"type":"ready","version":${WIRE_VERSION},"client":"…"}`,
        next: "docs/wire-protocol.md describes the handshake",
      });
    }
    this.#isReady = true;
    if (this.#handshake !== null) clearTimeout(this.#handshake);
    this.#settleReady.resolve();
  }

  #print(text: string): void {
    this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    const left = STDERR_SHOWN - this.#shown;
    if (left <= 0) return;
    this.#shown += text.length;
    this.#events.onOutput?.(text.length < left ? text : `${text.slice(0, left)}\n(more is not shown)\n`);
  }

  #closed(code: number | null, signal: string | null): void {
    this.#stopWatch();
    if (this.#handshake !== null) clearTimeout(this.#handshake);
    this.#killAll();
    const end = this.#explain(code, signal);
    if (!this.#isReady) this.#settleReady.reject(this.#neverReady(end));
    this.#events.onEnd(end);
  }

  #explain(code: number | null, signal: string | null): GuestEnd {
    const stderr = this.#stderr.trim().split("\n").slice(-8).join("\n");
    if (this.#ending !== null) return { ...this.#ending, stderr };
    if (/heap out of memory|heap limit|MemoryError/i.test(this.#stderr)) {
      return { what: "ended its process (it ran out of memory)", error: null, stderr };
    }
    try {
      this.#lines.end();
    } catch (error) {
      if (error instanceof HarnessError) return { what: error.details.what, error, stderr };
    }
    return { what: `ended its process (${signal ?? `exit code ${code}`})`, error: null, stderr };
  }

  #neverReady({ what, stderr, error }: GuestEnd): HarnessError {
    return new HarnessError("NAS_PLUGIN_ENTRY", {
      what: `the method's process ${error === null ? what : `broke the wire protocol: ${what}`} before it was ready`,
      ...(stderr === "" ? {} : { where: stderr }),
      next: "start the plugin's program by hand to see what it does; docs/wire-protocol.md describes the handshake",
    });
  }
}
