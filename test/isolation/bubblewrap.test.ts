import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type BoxView, boxArguments } from "../../core/isolation/bubblewrap.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";

/** Two folders of every system, in the place of a harness that was installed for all users and of what a guest needs of it. */
const HIDDEN = "/usr/share";
const SHOWN = readdirSync(HIDDEN, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name as string;

function shell(view: Partial<BoxView>, script: string) {
  const args = [...boxArguments({ readable: [], cwd: "/", ...view }), "sh", "-c", script];
  return spawnSync("bwrap", args, { encoding: "utf8" });
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("a box"), () => {
  test("hides a folder below /usr but for what is readable, and lets nothing be written there", () => {
    const readable = [path.join(HIDDEN, SHOWN)];
    expect(shell({}, `ls ${HIDDEN} | wc -l`).stdout.trim()).toBe(`${readdirSync(HIDDEN).length}`);
    expect(shell({ hidden: [HIDDEN], readable }, `ls ${HIDDEN}`).stdout).toBe(`${SHOWN}\n`);
    expect(shell({ hidden: [HIDDEN] }, `echo > ${HIDDEN}/was-here`).stderr).toContain("Read-only");
  });

  test("has nothing to hide where it shows nothing", () => {
    expect(shell({ hidden: ["/opt/harness"] }, "ls /opt").status).not.toBe(0);
  });

  test.each(["/tmp", "/dev/shm"])("has 64 MB in %s", (folder) => {
    const result = shell({}, `df -k --output=size ${folder} | tail -1`);
    expect(Number(result.stdout)).toBe(65_536);
  });

  test.each(["/", "/usr", "/dev", "/proc"])("keeps %s as it is", (folder) => {
    expect(shell({}, `findmnt -n -o OPTIONS ${folder}`).stdout).toMatch(/^ro,/);
  });
});
