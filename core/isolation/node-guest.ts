/** Entry of the process of a Node plugin: loads its algorithm and speaks the wire protocol on stdin and stdout. */
import { formatError, HarnessError, messageOf } from "../errors/harness-error.ts";
import { loadAlgorithm } from "../plugins/plugin-module.ts";
import { forbidSignals } from "./forbidden-signals.ts";
import { setTraps } from "./forbidden-sources.ts";
import { GuestRuns } from "./guest-runs.ts";
import { LineSplitter } from "./line-splitter.ts";
import { formatMessage, type GuestMessage, readHostMessage, WIRE_VERSION } from "./wire-message.ts";

/** What {@link guestCommand} passes on. */
interface Arguments {
  readonly folder: string;
  readonly name: string;
  readonly entry: string;
  readonly hasTraps: boolean;
}

const { folder, name, entry, hasTraps } = JSON.parse(process.argv[2] ?? "{}") as Arguments;

// stdout belongs to the protocol. What a method prints is for people and goes to stderr.
const writeLine = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

let runs: GuestRuns | null = null;
const outgoing: string[] = [];
/** Answers wait for a turn of the event loop: what a method's own callbacks throw is its run's failure. */
const waiting: GuestMessage[] = [];

function flush(): void {
  if (outgoing.length > 0) writeLine(outgoing.splice(0).join(""));
}

function release(): void {
  for (const answer of waiting.splice(0)) {
    if (answer.type === "answer") runs?.sent(answer.run);
    outgoing.push(formatMessage(answer));
  }
  flush();
}

function take(reply: GuestMessage | null): void {
  if (reply === null) return;
  if (reply.type !== "answer") outgoing.push(formatMessage(reply));
  else if (waiting.push(reply) === 1) setImmediate(release);
}

process.on("uncaughtException", (thrown) => {
  const report = runs?.stray(thrown) ?? null;
  if (report === null || report.type !== "error") {
    process.stderr.write(`${messageOf(thrown)}\n`);
    process.exit(1);
  }
  const unsent = waiting.findIndex((answer) => answer.type === "answer" && answer.run === report.run);
  if (unsent >= 0) waiting.splice(unsent, 1);
  take(report);
  flush();
});

const lines = new LineSplitter();

function receive(chunk: Buffer): void {
  for (const line of lines.push(chunk)) {
    const message = readHostMessage(line);
    if (message.type === "stop") process.exit(0);
    take(runs?.handle(message) ?? null);
  }
  flush();
}

forbidSignals();
try {
  runs = new GuestRuns(await loadAlgorithm({ folder, manifest: { name, entry } }));
  writeLine(
    formatMessage({ type: "ready", version: WIRE_VERSION, client: `nas-harness on Node.js ${process.version}` }),
  );
  process.stdin.on("data", receive);
  // Not before its modules are loaded: a package may look at the clock while it starts.
  if (hasTraps) setTraps();
  process.stdin.on("end", () => process.exit(0));
} catch (thrown) {
  process.stderr.write(`${thrown instanceof HarnessError ? formatError(thrown) : messageOf(thrown)}\n`);
  process.exit(3);
}
