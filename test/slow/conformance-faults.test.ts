import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { conformanceChecks } from "../../core/conformance/conformance.ts";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { hasPython, needsPython } from "../helpers/python-client.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { badPlugin } from "../helpers/zoo.ts";

/** Statements at a module's top, and what random search does differently. */
interface Fault {
  readonly top?: string;
  /** Where an architecture comes from. */
  readonly architecture?: string;
  readonly epochs?: string;
  readonly goesOn?: string;
  /** Statements after each evaluation. */
  readonly after?: string;
}

function writeFaulty({ top = "", architecture, epochs = "maxEpochs", goesOn, after = "" }: Fault): string {
  const source = `import { defineAlgorithm, propose } from "nas-harness";
    import fs from "node:fs";
    ${top}
    export default defineAlgorithm({ search: function* ({ space, random, budget, maxEpochs }) {
      while (${goesOn ?? `budget.affords(${epochs})`}) {
        const { validAccuracy } = yield propose(${architecture ?? "space.sample(random)"}, ${epochs});
        ${after}
      }
    } });`;
  return writePlugin(path.join(temporaryFolder(), "faulty"), algorithmManifest({ name: "faulty" }), source);
}

/** Makes the named check of a plugin; what it throws, or null if it passes. */
async function faultOf(folder: string, check: string): Promise<HarnessError | null> {
  const found = conformanceChecks(folder).find(({ name }) => name === check);
  if (found === undefined) throw new Error(`there is no check ${check}`);
  try {
    await found.run();
    return null;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}

async function expectFault(folder: string, check: string, shown: RegExp): Promise<void> {
  const error = await faultOf(folder, check);
  expect(error?.code).toBe("NAS_ALGORITHM_CONFORMANCE");
  expect(error?.details.what).toMatch(/ fails 1 check$/);
  expect(error?.details.where).toMatch(shown);
}

/** Each with a check that it passes: it is not merely broken. */
test.each<[string, Fault, fails: string, shown: RegExp, passes: string]>([
  [
    "throws",
    { after: 'throw new Error("no idea");' },
    "runs",
    /NAS_ALGORITHM_THREW.*no idea/,
    "other-seed-other-trace",
  ],
  [
    "draws from Math.random",
    { architecture: "Math.floor(Math.random() * space.size)" },
    "same-seed-same-trace",
    /run 0 of two equal ones: evaluation 1 differs/,
    "runs",
  ],
  ["ignores its seed", { architecture: "7" }, "other-seed-other-trace", /context\.random is not used/, "runs"],
  [
    "counts in its module",
    { top: "let count = 0;", architecture: "(space.sample(random) + count++) % space.size" },
    "no-state-between-runs",
    /run \d (alone and beside others|in another order): evaluation \d+ differs/,
    "same-seed-same-trace",
  ],
  [
    "can't go on from 100 %",
    { after: 'if (validAccuracy === 100) throw new Error("nothing left to gain");' },
    "odd-rewards",
    /nothing left to gain/,
    "runs",
  ],
  ["proposes past its budget", { goesOn: "true" }, "budgets", /NAS_BUDGET_EXCEEDED/, "other-seed-other-trace"],
  ["always asks for 12 epochs", { epochs: "12" }, "fidelities", /NAS_PROPOSAL_EPOCHS.*12/, "budgets"],
  [
    "looks at the clock",
    { after: "Date.now();" },
    "no-hidden-sources",
    /may not use Date\.now/,
    "same-seed-same-trace",
  ],
  [
    "draws from Math.random without use of it",
    { after: "Math.random();" },
    "no-hidden-sources",
    /may not use Math\.random: context\.random/,
    "same-seed-same-trace",
  ],
  [
    "looks at its environment",
    { after: "void process.env.HOME;" },
    "no-hidden-sources",
    /may not use process\.env/,
    "same-seed-same-trace",
  ],
  [
    "reads a file while it searches",
    { after: 'fs.readFileSync(new URL("plugin.json", import.meta.url));' },
    "no-hidden-sources",
    /may not use fs\.readFileSync: load what it needs/,
    "runs",
  ],
])("a method that %s fails the check for that, and another one not", async (_, fault, fails, shown, passes) => {
  const folder = writeFaulty(fault);
  await expectFault(folder, fails, shown);
  expect(await faultOf(folder, passes)).toBeNull();
});

test("a method that reads a file while its module is loaded has no hidden source", async () => {
  const top = 'const manifest = fs.readFileSync(new URL("plugin.json", import.meta.url), "utf8");';
  const folder = writeFaulty({ top, after: "void manifest.length;" });
  expect(await faultOf(folder, "no-hidden-sources")).toBeNull();
});

test.skipIf(!hasPython)(needsPython("a Python method that draws from the module random is found out"), async () => {
  const folder = badPlugin("faulty", "python", "pass", "import random");
  writeFileSync(
    path.join(folder, "search.py"),
    `import random
from nas_harness import propose, run

def search(context):
    while context.budget.affords(context.max_epochs):
        yield propose(context.space.sample(random), context.max_epochs)

run(search)
`,
  );
  await expectFault(folder, "same-seed-same-trace", /run 0 of two equal ones: evaluation 1 differs/);
  expect(await faultOf(folder, "runs")).toBeNull();
});
