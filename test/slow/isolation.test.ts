import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import type { IsolationMode } from "../../core/isolation/isolation-mode.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { readRecords } from "../../core/records/record-file.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { writePlugin } from "../helpers/plugin-folder.ts";
import { findProgram } from "../helpers/program.ts";
import { withBudget } from "../helpers/run-inputs.ts";
import { resultFile, runTestSession } from "../helpers/session.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { badPlugin, type Language } from "../helpers/zoo.ts";

const table = inject("generatedTable");
const protocol = withBudget(loadProtocol("nas-bench-201"), { kind: "evaluations", limit: 10, crossing: "reject" });
const RUNS = 8;
const hasPython = findProgram("python3") !== null;
const OUTSIDE = path.join(os.tmpdir(), "nas-harness-was-here");
const TEST_IMAGES = path.join(REPOSITORY, "plugins/datasets/fashion-mnist-8x8/images/test-images.idx.gz");

interface Visit {
  readonly bad: readonly RunRecord[];
  readonly rs: readonly RunRecord[];
  readonly printed: string;
}

/** Runs a plugin and random search in one session. */
async function visit(folder: string, isolation: IsolationMode, changes = {}): Promise<Visit> {
  const output = temporaryFolder();
  let printed = "";
  await runTestSession(output, {
    ...{ tableFolder: table, methods: [folder, "rs"], protocol, runs: RUNS, jobs: 2, runLimitSeconds: 60, isolation },
    onOutput: (text) => {
      printed += text;
    },
    ...changes,
  });
  const records = (method: string) => readRecords(path.dirname(resultFile(output, method, "records.jsonl")));
  return { bad: records(path.basename(folder)), rs: records("rs"), printed };
}

/** Demands that some runs failed in one way, that the others are as they would have been, and random search too. */
function expectCaught({ bad, rs }: Visit, code: string, shown: RegExp): void {
  const failed = bad.filter(({ failure }) => failure !== null);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(RUNS);
  for (const { failure } of failed) {
    expect(failure).toMatchObject({ code });
    expect(failure?.what).toMatch(shown);
  }
  for (const record of bad) if (record.failure === null) expect(record.trace).toHaveLength(10);
  expect(rs).toHaveLength(RUNS);
  for (const { failure, trace } of rs) {
    expect(failure).toBeNull();
    expect(trace).toHaveLength(10);
  }
}

const DENIED = /Access to this API has been restricted/;

describe.each<[string, IsolationMode, boolean]>([
  ["in a process of its own", "process", true],
  [needsBubblewrap("in a box"), "strict", hasBubblewrap],
])("a Node plugin %s", (_, isolation, isPossible) => {
  test.skipIf(!isPossible).each([
    ["reads the table", `fs.readFileSync(${JSON.stringify(path.join(table, "table.json"))});`],
    ["reads test images", `fs.readFileSync(${JSON.stringify(TEST_IMAGES)});`],
    ["writes outside its folder", `fs.writeFileSync(${JSON.stringify(OUTSIDE)}, "");`],
    ["writes into its folder", `fs.writeFileSync(new URL("notes.txt", import.meta.url), "");`],
    ["starts a process", `child.execFileSync("/bin/true");`],
    ["starts a thread", `new threads.Worker("1", { eval: true });`],
  ])("that %s is denied it", async (_, body) => {
    expectCaught(await visit(badPlugin("bad", "node", body), isolation), "NAS_ALGORITHM_THREW", DENIED);
    expect(existsSync(OUTSIDE)).toBe(false);
  });

  test.skipIf(!isPossible).each([
    ["sends a signal to the harness", `process.kill(process.ppid, "SIGKILL");`, "NAS_ALGORITHM_THREW", /may not send/],
    ["exits in the middle", "process.exit(0);", "NAS_ALGORITHM_DIED", /ended its process \(exit code 0\) in run \d/],
    ["loops for ever", "for (;;);", "NAS_ALGORITHM_TIMEOUT", /did not finish run \d within 2 s/],
    ["fills its heap", "const all = []; for (;;) all.push(new Array(1e5).fill(told));", "NAS_ALGORITHM_DIED", /memory/],
    [
      "fills memory beside its heap",
      "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));",
      "NAS_ALGORITHM_DIED",
      /memory/,
    ],
    ["sends no JSON", 'fs.writeSync(1, "hello\\n");', "NAS_GUEST_MESSAGE", /no JSON/],
    [
      "sends a message of an unknown type",
      `fs.writeSync(1, '{"type":"tell"}\\n');`,
      "NAS_GUEST_MESSAGE",
      /none of the types/,
    ],
    [
      "sends a faulty message",
      `fs.writeSync(1, '{"type":"ask","run":"0"}\\n');`,
      "NAS_GUEST_MESSAGE",
      /faulty message "ask"/,
    ],
    [
      "answers for a run that is not its own",
      `fs.writeSync(1, '{"type":"answer","run":77,"architecture":5}\\n');`,
      "NAS_GUEST_MESSAGE",
      /not its turn/,
    ],
    ["sends a huge message", 'fs.writeSync(1, "x".repeat(70_000));', "NAS_GUEST_MESSAGE", /more than 65536 bytes/],
    ["sends invalid UTF-8", "fs.writeSync(1, Buffer.from([0xff, 0xfe, 10]));", "NAS_GUEST_MESSAGE", /no UTF-8/],
    [
      "ends in the middle of a line",
      `fs.writeSync(1, '{"type":"as'); process.exit(0);`,
      "NAS_GUEST_MESSAGE",
      /last line has no end/,
    ],
    ["throws in a callback", 'setImmediate(() => { throw new Error("later"); });', "NAS_ALGORITHM_THREW", /later/],
    [
      "patches the prototype of all objects",
      'Object.prototype.toJSON = () => "no message";',
      "NAS_GUEST_MESSAGE",
      /none of the types/,
    ],
    ["patches JSON", 'JSON.stringify = () => "{}";', "NAS_GUEST_MESSAGE", /none of the types/],
  ])("that %s fails only the runs that do", async (name, body, code, shown) => {
    const changes = name === "loops for ever" ? { runLimitSeconds: 2 } : {};
    expectCaught(await visit(badPlugin("bad", "node", body), isolation, changes), code, shown);
  });

  test.skipIf(!isPossible)("that prints has it shown, and nothing is taken for a message", async () => {
    const body = 'console.log("see here"); process.stdout.write("and here\\n");';
    const { bad, printed } = await visit(badPlugin("bad", "node", body), isolation);
    expect(bad.every(({ failure }) => failure === null)).toBe(true);
    expect(printed).toContain("see here");
    expect(printed).toContain("and here");
  });

  test.skipIf(!isPossible)("gets an empty environment", async () => {
    process.env.NAS_HARNESS_TEST_SECRET = "told nobody";
    const { printed } = await visit(badPlugin("bad", "node", "console.log(JSON.stringify(process.env));"), isolation);
    delete process.env.NAS_HARNESS_TEST_SECRET;
    expect(printed).toContain('"TZ":"UTC"');
    expect(printed).not.toContain("told nobody");
  });

  test.skipIf(!isPossible)("whose folder holds a link out of it is not started", async () => {
    const folder = badPlugin("bad", "node", "");
    symlinkSync(table, path.join(folder, "data"));
    const error = await visit(folder, isolation).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HarnessError);
    expect(error).toMatchObject({ code: "NAS_ISOLATION" });
    expect(String((error as HarnessError).details.where)).toContain("- data");
  });
});

describe.skipIf(!hasBubblewrap || !hasPython)(needsBubblewrap("a Python plugin in a box"), () => {
  test.each([
    [
      "reads the table",
      `open(${JSON.stringify(path.join(table, "table.json"))})`,
      "NAS_ALGORITHM_THREW",
      /FileNotFound/,
    ],
    ["reads test images", `open(${JSON.stringify(TEST_IMAGES)})`, "NAS_ALGORITHM_THREW", /FileNotFound/],
    [
      "reads a home folder",
      `open(${JSON.stringify(path.join(os.homedir(), ".profile"))})`,
      "NAS_ALGORITHM_THREW",
      /FileNotFound|Permission/,
    ],
    [
      "reads the harness",
      `open(${JSON.stringify(path.join(REPOSITORY, "package.json"))})`,
      "NAS_ALGORITHM_THREW",
      /FileNotFound/,
    ],
    ["writes outside its folder", 'open("/usr/was-here", "w")', "NAS_ALGORITHM_THREW", /Read-only/],
    ["writes beside the devices", 'open("/dev/was-here", "w")', "NAS_ALGORITHM_THREW", /Read-only/],
    [
      "fills memory with files",
      'open("/dev/shm/all", "wb").write(b"1" * 100_000_000)',
      "NAS_ALGORITHM_THREW",
      /No space left/,
    ],
    [
      "changes the kernel's settings",
      'os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)',
      "NAS_ALGORITHM_THREW",
      /Read-only|Permission/,
    ],
    ["writes into its folder", 'open("was-here", "w")', "NAS_ALGORITHM_THREW", /Read-only/],
    ["opens the network", 'socket.create_connection(("1.1.1.1", 53), 5)', "NAS_ALGORITHM_THREW", /unreachable/],
    ["fills memory", "data = []\nwhile True: data.append(b'1' * 10_000_000)", "NAS_ALGORITHM_DIED", /memory/],
    ["exits in the middle", "os._exit(3)", "NAS_ALGORITHM_DIED", /exit code 3/],
    ["sends half a line", "os.write(3, b'{'); os._exit(0)", "NAS_GUEST_MESSAGE", /no end/],
    ["sends no JSON", "os.write(3, b'hello\\n')", "NAS_GUEST_MESSAGE", /no JSON/],
    ["proposes nothing", "yield None", "NAS_ALGORITHM_THREW", /yielded None/],
    ["proposes what is not there", "yield propose(15625, 12)", "NAS_PROPOSAL_INVALID", /15625/],
    ["kills itself", "os.kill(os.getpid(), signal.SIGKILL)", "NAS_ALGORITHM_DIED", /ended its process/],
  ])("that %s fails only the runs that do", async (_, body, code, shown) => {
    expectCaught(await visit(badPlugin("bad", "python", body), "strict"), code, shown);
  });

  test("sees no process to send a signal to", async () => {
    const body = 'print("pids", sorted(p for p in os.listdir("/proc") if p.isdigit()), os.getppid())\nos.kill(-1, 0)';
    const { bad, printed, rs } = await visit(badPlugin("bad", "python", body), "strict");
    expect(printed).toMatch(/pids \['1', '\d'\] 1/);
    expect(bad).toHaveLength(RUNS);
    expect(rs.every(({ failure }) => failure === null)).toBe(true);
  });
});

test.skipIf(!hasBubblewrap)(needsBubblewrap("a box reaches not even this machine's own network"), async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const top = `await new Promise((resolve, reject) => net.connect(${port}, "127.0.0.1", resolve).on("error", reject));`;
  const error = await visit(badPlugin("bad", "node", "", top), "strict").catch((thrown: unknown) => thrown);
  server.close();
  expect(error).toMatchObject({ code: "NAS_PLUGIN_ENTRY" });
  expect(connections).toBe(0);
});

describe("records do not depend on how a method is kept apart", () => {
  const languages: Language[] = ["node", "python"];
  test.skipIf(!hasBubblewrap || !hasPython).each(languages)("for %s", async (language) => {
    const folder = badPlugin("good", language, language === "node" ? "" : "pass");
    const modes: IsolationMode[] = language === "node" ? ["none", "process", "strict"] : ["process", "strict"];
    const texts = new Set<string>();
    for (const isolation of modes) {
      const output = temporaryFolder();
      await runTestSession(output, { tableFolder: table, methods: [folder], runs: 30, jobs: 2, isolation });
      texts.add(readFileSync(resultFile(output, "good", "records.jsonl"), "utf8"));
    }
    expect(texts.size).toBe(1);
  });
});

describe("a method whose process never gets ready ends the session and says why", () => {
  const program = (command: readonly string[], source = "") => {
    const folder = path.join(temporaryFolder(), "bad");
    const manifest = {
      ...JSON.parse(readFileSync(path.join(badPlugin("bad", "python", "pass"), "plugin.json"), "utf8")),
      command,
    };
    writePlugin(folder, manifest, null);
    writeFileSync(path.join(folder, "program.sh"), source);
    return folder;
  };

  test.each([
    ["is not there", ["./nowhere"], "", /"\.\/nowhere" that the plugin's command names is not there, or/],
    ["ends at once", ["/bin/sh", "program.sh"], "echo my reason >&2; exit 4", /exit code 4\) before it was ready/],
    [
      "speaks another version",
      ["/bin/sh", "program.sh"],
      `echo '{"type":"ready","version":9,"client":"x"}'; cat`,
      /version 9/,
    ],
    ["begins with something else", ["/bin/sh", "program.sh"], "echo hello; cat", /no JSON/],
  ])("because its program %s", async (_, command, source, shown) => {
    const error = await visit(program(command, source), "process").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HarnessError);
    const { code, details } = error as HarnessError;
    expect(code).toBe("NAS_PLUGIN_ENTRY");
    expect(details.what).toMatch(shown);
    if (source.includes("reason")) expect(details.where).toContain("my reason");
  });
});
