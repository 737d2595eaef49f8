import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { readRecords } from "../../core/records/record-file.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { runTestSession } from "../helpers/session.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const tableFolder = inject("generatedTable");

describe("methods inside a worker that end or hang it", () => {
  const misbehave = (name: string, body: string) =>
    writePlugin(
      path.join(temporaryFolder(), name),
      algorithmManifest({ name }),
      `import { defineAlgorithm, propose } from "nas-harness";
       export default defineAlgorithm({ create: ({ random, space }) => {
         const bad = random.integer(4) === 0;
         let asked = 0;
         return { tell() {}, ask() { if (bad && asked === 3) { ${body} } return asked++ < 9 ? propose(space.sample(random), 12) : null; } };
       } });`,
    );

  test.each([
    ["loops-for-ever", "for (;;);", "NAS_ALGORITHM_TIMEOUT", /did not finish run \d+ within 1 s/],
    ["exits", "process.exit(0);", "NAS_ALGORITHM_DIED", /ended its process in run \d+ \(exit code 0\)/],
    ["kills-itself", 'process.kill(process.pid, "SIGKILL");', "NAS_ALGORITHM_DIED", /SIGKILL/],
    ["aborts", "process.abort();", "NAS_ALGORITHM_DIED", /SIGABRT/],
    [
      "throws-later",
      'queueMicrotask(() => { throw new Error("late"); });',
      "NAS_ALGORITHM_THREW",
      /outside of ask and tell: late/,
    ],
    ["rejects", 'Promise.reject(new Error("late"));', "NAS_ALGORITHM_THREW", /outside of ask and tell: late/],
  ])("%s fails alone and the other runs go on", async (name, body, code, message) => {
    const output = temporaryFolder();
    const result = await runTestSession(output, {
      tableFolder,
      methods: [misbehave(name, body)],
      runs: 8,
      jobs: 2,
      runLimitSeconds: 1,
    });
    expect(result).toMatchObject({ done: 8, total: 8 });
    const stored = readRecords(path.join(output, "nas-bench-201", name));
    const failed = stored.filter(({ failure }) => failure !== null);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(8);
    for (const { failure } of failed) {
      expect(failure).toMatchObject({ code });
      expect(failure?.what).toMatch(message);
      expect(failure?.what).toContain(name);
    }
  });

  test("while they are loaded end the session with the plugin named", async () => {
    const folder = writePlugin(
      path.join(temporaryFolder(), "eager"),
      algorithmManifest({ name: "eager" }),
      "process.exit(3);",
    );
    const session = runTestSession(temporaryFolder(), { tableFolder, methods: [folder] });
    await expect(session).rejects.toMatchObject({ code: "NAS_PLUGIN_ENTRY" });
    await session.catch((error) => expect(error.message).toContain("eager"));
  });
});
