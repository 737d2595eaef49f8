import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { algorithmManifest, RANDOM_SEARCH_SOURCE, writePlugin } from "../helpers/plugin-folder.ts";
import { hasPython, needsPython } from "../helpers/python-client.ts";
import { writeShippedBenchmark } from "../helpers/shipped-benchmark.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { submitStrictly, type Verified, verifyStrictly } from "../helpers/verified.ts";

const work = sharedTemporaryFolder();
/** Only the dataset: methods that are submitted beside one another are compared with one another. */
const empty = path.join(work, "empty");
/** The reference methods. */
const reference = path.join(work, "reference");
const METHODS = ["rs", "rea", "reinforce", "bohb"];

beforeAll(async () => {
  if (!hasBubblewrap) return;
  writeShippedBenchmark(empty, work);
  cpSync(empty, reference, { recursive: true });
  for (const method of METHODS) {
    const { exitCode, stderr } = await submitStrictly(method, reference, work);
    expect(exitCode, stderr).toBe(0);
  }
});

/** Submits a plugin beside nothing else and verifies it. @param program file of a plugin without an entry */
async function verifyPlugin(
  name: string,
  source: string,
  manifest: Readonly<Record<string, unknown>> = {},
  program: string | null = null,
): Promise<Verified> {
  const folder = temporaryFolder();
  const root = path.join(folder, "submissions");
  cpSync(empty, root, { recursive: true });
  const document = algorithmManifest({ name, title: name, ...manifest });
  const plugin = writePlugin(path.join(folder, name), document, program === null ? source : null);
  if (program !== null) writeFileSync(path.join(plugin, program), source);
  const { exitCode, stderr } = await submitStrictly(plugin, root, folder);
  expect(exitCode, stderr).toBe(0);
  return verifyStrictly(path.join(root, name, "1.0.0"), root);
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("the reference methods"), () => {
  // The simplest and the most involved one; npm run verify verifies the submissions of all.
  test.each(["rs", "bohb"])(
    "%s is verified beside the others, under other names of edges and operations too",
    async (method) => {
      const { failed, exitCode, reasons, outcome, verification } = await verifyStrictly(
        path.join(reference, method, "1.0.0"),
        reference,
      );
      expect(failed).toEqual([]);
      expect(exitCode).toBe(0);
      expect(outcome("relabelling")).toBe("passed");
      expect(verification.checks.filter((check) => check.outcome !== "passed")).toEqual([]);
      expect(verification).toMatchObject({ isolation: "box", outcome: "passed", name: method });
      expect(verification.fresh?.rows[0]).toMatchObject({ runs: 30, failedRuns: 0 });
      expect(verification.fresh?.rows[0]?.recordsDigest).not.toBe(verification.summary?.rows[0]?.recordsDigest);
      expect(reasons("duplicates")).toBe("compared with 3 submissions under the same protocol");
    },
  );
});

/** Begins at the cell of six 3x3 convolutions and goes on among its neighbours. */
const MEMORY = `import { defineAlgorithm, propose } from "nas-harness";

export default defineAlgorithm({
  search: function* ({ space, random, budget, maxEpochs }) {
    const best = space.parse("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|");
    for (const known of [best, ...random.shuffle(space.neighboursOf(best))]) {
      if (budget.affords(maxEpochs)) yield propose(known, maxEpochs);
    }
  },
});
`;

describe.skipIf(!hasBubblewrap)(needsBubblewrap("a method that knows the space by heart"), () => {
  test("is as good under fresh seeds, and worse under other names", async () => {
    const { failed, reasons, outcome } = await verifyPlugin("memory", MEMORY);
    expect(failed).toEqual(["relabelling"]);
    expect(outcome("fresh-seeds")).toBe("passed");
    expect(reasons("relabelling")).toMatch(
      /test: \d\d\.\d+ % submitted, \d\d\.\d+ % relabelled \(p = .*e-\d+\); a loss of/,
    );
  });

  test("may say so: the check is skipped, and the report says why", async () => {
    const priors = ["knows good cells by heart"];
    const { failed, exitCode, reasons, outcome } = await verifyPlugin("memory-told", MEMORY, { priors });
    expect([failed, exitCode]).toEqual([[], 0]);
    expect(outcome("relabelling")).toBe("skipped");
    expect(reasons("relabelling")).toBe("the method declares priors: knows good cells by heart");
  });

  test("is told to say so if it asks the space for what relabelling hides", async () => {
    const source = RANDOM_SEARCH_SOURCE.replace("while (", "space.classOf(space.sample(random));\n    while (");
    const { failed, reasons } = await verifyPlugin("class-knower", source);
    expect(failed).toEqual(["relabelling"]);
    expect(reasons("relabelling")).toMatch(
      /stopped after \d+ failed runs; .*space\.classOf can't be used in a run with relabelled/,
    );
    expect(reasons("relabelling")).toContain('declares that as "priors" in its manifest');
  });
});

/** Random search that begins with as many draws more as something says. */
const hidden = (top: string, draws: string) => `import { defineAlgorithm, propose } from "nas-harness";
${top}
export default defineAlgorithm({
  search: function* ({ space, random, budget, maxEpochs }) {
    for (let more = ${draws}; more > 0; more--) space.sample(random);
    while (budget.affords(maxEpochs)) yield propose(space.sample(random), maxEpochs);
  },
});
`;

/** The same in Python, where the hash of a text comes from a seed of the runtime's. */
const HASHED = `from nas_harness import propose, run

def search(context):
    for _ in range(hash("text") % 997):
        context.space.sample(context.random)
    while context.budget.affords(context.max_epochs):
        yield propose(context.space.sample(context.random), context.max_epochs)

run(search)
`;

/** Checks that may say something of a hidden source, each in its own words. */
const AGAINST_HIDDEN_SOURCES = ["reruns", "fresh-seeds", "hidden-randomness", "conduct"];

/** Demands that a check has found a plugin's source, whatever others say of it, and that nothing else was held against it. */
function expectFoundBy(check: string, reason: RegExp, { failed, exitCode, reasons, outcome }: Verified): void {
  expect(exitCode).toBe(1);
  expect(outcome(check), `found by ${failed}`).toBe("failed");
  expect(reasons(check)).toMatch(reason);
  expect(failed.filter((name) => !AGAINST_HIDDEN_SOURCES.includes(name))).toEqual([]);
}

describe.skipIf(!hasBubblewrap)(needsBubblewrap("what does not come from the seed"), () => {
  const otherDigest = /^run \S+: digest [0-9a-f]{12} was submitted, [0-9a-f]{12} came out$/m;
  test.each<[string, string, RegExp, string, string]>([
    ["a count of its runs", "reruns", otherDigest, "let runs = 0;", "runs++"],
    // The conduct's traps are set after it was loaded.
    [
      "a clock that it took while it was loaded",
      "reruns",
      otherDigest,
      "const clock = process.hrtime.bigint;",
      "Number((clock() / 1000n) % 997n)",
    ],
    [
      "what earlier runs drew",
      "conduct",
      /^no-state-between-runs: run \d alone and beside others: /m,
      "const seen = new Set();",
      "seen.size > 0 ? 0 : seen.add(1).size",
    ],
    ["Math.random", "conduct", /^no-hidden-sources: .*may not use Math\.random/m, "", "Math.random() * 997"],
    ["the time", "conduct", /^no-hidden-sources: .*may not use Date\.now/m, "", "Date.now() % 997"],
    [
      "the system's randomness",
      "conduct",
      /^no-hidden-sources: .*may not use crypto\.randomBytes/m,
      'import { randomBytes } from "node:crypto";',
      "randomBytes(1)[0]",
    ],
  ])("%s is found by %s", async (_, check, reason, top, draws) => {
    expectFoundBy(check, reason, await verifyPlugin("hidden", hidden(top, draws)));
  });

  test.skipIf(!hasPython)(
    needsPython("the hash of a text, the same in all of the harness's runs, is found by hidden-randomness"),
    async () => {
      const manifest = { runtime: "process", command: ["python3", "search.py"], entry: undefined };
      const verified = await verifyPlugin("hashed", HASHED, manifest, "search.py");
      expect(verified.outcome("reruns")).toBe("passed");
      expectFoundBy("hidden-randomness", /^runtime seed [12]: run \S+: digest /m, verified);
    },
  );
});

describe.skipIf(!hasBubblewrap)(needsBubblewrap("a method that is handed in again under another name"), () => {
  const REFORMATTED = RANDOM_SEARCH_SOURCE.replaceAll("random", "generator").replace(
    "generator,",
    "random: generator,",
  );

  test.each([
    ["with the same code", RANDOM_SEARCH_SOURCE, /^its code and options are those of first 1\.0\.0\n/],
    ["written anew", `// My own idea.\n${REFORMATTED}`, /^with the seeds of first 1\.0\.0 it does what that did/],
  ])("%s is found", async (_, source, reason) => {
    const folder = temporaryFolder();
    cpSync(empty, path.join(folder, "submissions"), { recursive: true });
    const own = path.join(folder, "submissions");
    for (const [name, text] of [
      ["first", RANDOM_SEARCH_SOURCE],
      ["second", source],
    ] as const) {
      const plugin = writePlugin(path.join(folder, name), algorithmManifest({ name, title: name }), text);
      const { exitCode, stderr } = await submitStrictly(plugin, own, folder);
      expect(exitCode, stderr).toBe(0);
    }
    const { failed, reasons } = await verifyStrictly(path.join(own, "second/1.0.0"), own);
    expect(failed).toEqual(["duplicates"]);
    expect(reasons("duplicates")).toMatch(reason);
  });
});
