import { expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { GuestProcess } from "../../core/isolation/guest-process.ts";
import type { GuestMessage } from "../../core/isolation/wire-message.ts";
import { type LaunchGuest, WaitingGuest } from "../../core/runner/waiting-guest.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const READY = `process.stdout.write('{"type":"ready","version":1,"client":"test"}\\n');`;
const ASK = `'{"type":"ask","run":0,"architecture":5,"epochs":12}\\n'`;

/** Starts a program of one line; `ended` resolves when its process is gone. */
function program(script: string): { launch: LaunchGuest; ended: Promise<string> } {
  let settle = (_: string) => {};
  const ended = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const command = { program: process.execPath, args: ["-e", script], cwd: temporaryFolder(), env: {} };
  const launch: LaunchGuest = ({ onMessages, onEnd }) =>
    new GuestProcess(command, 500, {
      onMessages,
      onEnd: (end) => {
        onEnd(end);
        settle(end.what);
      },
    });
  return { launch, ended };
}

const nobody = { onMessages: () => {}, onEnd: () => {} };

test("a process that waits is had once, and from then on its owner hears what it says and when it ends", async () => {
  const { launch } = program(
    `${READY} process.stdin.on("data", (text) => { if (/"cancel"/.test(text)) process.stdout.write(${ASK}); });`,
  );
  const waiting = await WaitingGuest.start(launch);
  const heard: GuestMessage[] = [];
  const end = await new Promise<string>((resolve) => {
    const guest = waiting.take({
      onMessages: (messages) => {
        heard.push(...messages);
        guest?.stop();
      },
      onEnd: ({ what }) => resolve(what),
    });
    expect(waiting.take(nobody)).toBeNull();
    guest?.send([{ type: "cancel", run: 0 }]);
  });
  expect(heard).toEqual([{ type: "ask", run: 0, architecture: 5, epochs: 12 }]);
  expect(end).toBe("was stopped");
});

test.each([
  ["ends by itself", `${READY} setTimeout(() => process.exit(0), 50);`, /exit code 0/],
  [
    "speaks before it is asked",
    `${READY} setTimeout(() => process.stdout.write(${ASK}), 50); setInterval(() => {}, 1000);`,
    /^spoke out of turn$/,
  ],
])("a process that %s while it waits is not had", async (_, script, what) => {
  const { launch, ended } = program(script);
  const waiting = await WaitingGuest.start(launch);
  expect(await ended).toMatch(what);
  expect(waiting.take(nobody)).toBeNull();
});

test("a process that nobody is going to take can be ended", async () => {
  const { launch, ended } = program(`${READY} process.stdin.on("end", () => process.exit(0)).resume();`);
  const waiting = await WaitingGuest.start(launch);
  waiting.stop();
  expect(await ended).toBe("was stopped");
  expect(waiting.take(nobody)).toBeNull();
});

test("a method that does not start is told at once, with what it said", async () => {
  const { launch } = program(`process.stderr.write("no such module\\n"); process.exit(3);`);
  const error = await WaitingGuest.start(launch).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HarnessError);
  expect(error).toMatchObject({ code: "NAS_PLUGIN_ENTRY", details: { where: "no such module" } });
});
