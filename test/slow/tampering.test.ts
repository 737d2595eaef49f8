import { copyFileSync, cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { pluginHash } from "../../core/plugins/plugin-hash.ts";
import { listPluginFiles } from "../../core/submissions/plugin-files.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import type { SubmittedRun } from "../../schemas/generated/submitted-run.ts";
import { hasBubblewrap, needsBubblewrap } from "../helpers/bubblewrap.ts";
import { algorithmManifest, writePlugin } from "../helpers/plugin-folder.ts";
import { writeShippedBenchmark } from "../helpers/shipped-benchmark.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";
import { submitStrictly, verifyStrictly } from "../helpers/verified.ts";
import { collect, groupOf, sectionsOf } from "../leaderboard/collected-board.ts";

const work = sharedTemporaryFolder();
const root = path.join(work, "submissions");
const RUNS = 12;

/** Random search that draws each architecture so many times before it proposes it. */
const sourceOf = (draws: number, special = "") => `import { defineAlgorithm, propose } from "nas-harness";

export default defineAlgorithm({
  search: function* ({ space, random, budget, maxEpochs }) {
    let next = 0;
    while (budget.affords(maxEpochs)) {
      for (let draw = 0; draw < ${draws}; draw++) next = space.sample(random);
      ${special}
      yield propose(next, maxEpochs);
    }
  },
});
`;

function pluginOf(name: string, source: string): string {
  return writePlugin(path.join(work, "plugins", name), algorithmManifest({ name, title: name }), source);
}

/** What a tampering changes of a copy of a submission. */
type Tampering = (folder: string) => void;

function editText(place: string, change: (text: string) => string): Tampering {
  return (folder) => {
    const file = path.join(folder, place);
    const before = readFileSync(file, "utf8");
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(file, after);
  };
}

function editRuns(change: (runs: SubmittedRun[]) => SubmittedRun[]): Tampering {
  return editText("runs.jsonl", (text) => {
    const runs = text.trimEnd().split("\n");
    const changed = change(runs.map((line) => JSON.parse(line) as SubmittedRun));
    return changed.map((run) => `${JSON.stringify(run)}\n`).join("");
  });
}

const editRun = (change: (run: SubmittedRun) => unknown): Tampering =>
  editRuns((runs) => {
    change(runs[3] as SubmittedRun);
    return runs;
  });

function editSubmission(change: (submission: AlgorithmSubmission, folder: string) => unknown): Tampering {
  return (folder) =>
    editText("submission.json", (text) => {
      const submission = JSON.parse(text) as AlgorithmSubmission;
      change(submission, folder);
      return JSON.stringify(submission, null, 2);
    })(folder);
}

/** Lists and hashes the plugin as it is now. */
const listAgain = editSubmission((submission, folder) => {
  const plugin = path.join(folder, "plugin");
  submission.plugin = { sha256: pluginHash(plugin), files: listPluginFiles(plugin) };
});

const otherDigit = (text: string) => (text.startsWith("0") ? `1${text.slice(1)}` : `0${text.slice(1)}`);

beforeAll(async () => {
  if (!hasBubblewrap) return;
  writeShippedBenchmark(root, work, { runs: RUNS });
  const failing = sourceOf(3, 'if (next < 100) throw new Error("no luck");');
  for (const [name, source, exitCode] of [
    ["searches", sourceOf(1), 0],
    ["other", sourceOf(2), 0],
    ["fails", failing, 3],
  ] as const) {
    const result = await submitStrictly(pluginOf(name, source), root, work);
    expect(result.exitCode, result.stderr).toBe(exitCode);
  }
});

describe.skipIf(!hasBubblewrap)(needsBubblewrap("tampering with a submission is found"), () => {
  test.each<[string, Tampering, readonly string[], string, RegExp]>([
    [
      "one digit of a digest",
      editRun((run) => Object.assign(run, { digest: otherDigit(run.digest) })),
      ["reruns"],
      "reruns",
      /run fashion-mnist-8x8\/3: digest/,
    ],
    [
      "one digit of an accuracy",
      editRun((run) => (run.incumbents[0] as number[]).splice(3, 1, 1)),
      ["reruns"],
      "reruns",
      /run fashion-mnist-8x8\/3: its digest is right, but what is shown/,
    ],
    [
      "another answer",
      editRun((run) => Object.assign(run, { answers: [{ architecture: 1462, weight: 1 }] })),
      ["reruns"],
      "reruns",
      /\/3: its digest is right, but/,
    ],
    [
      "one digit of a seed",
      editRun((run) => Object.assign(run, { seed: otherDigit(run.seed) })),
      ["seeds"],
      "seeds",
      /\/3 has a seed/,
    ],
    [
      "two swapped seeds",
      editRuns(([first, second, ...rest]) => [
        { ...(first as SubmittedRun), seed: second?.seed ?? "" },
        { ...(second as SubmittedRun), seed: first?.seed ?? "" },
        ...rest,
      ]),
      ["seeds"],
      "seeds",
      /\/0 has a seed(?:.|\n)*\/1 has a seed/,
    ],
    ["a dropped run", editRuns(([_, ...rest]) => rest), ["seeds"], "seeds", /^run fashion-mnist-8x8\/0 is missing$/],
    [
      "a run more",
      editRuns((runs) => [...runs, { ...(runs[0] as SubmittedRun), runIndex: RUNS }]),
      ["seeds"],
      "seeds",
      /\/12 is not planned/,
    ],
    ["a run twice", editRuns((runs) => [...runs, runs[0] as SubmittedRun]), ["seeds"], "seeds", /\/0 is there twice/],
    [
      "an edited summary",
      editText("summary.json", (text) => text.replace(/("mean": )\d/, (_, key) => `${key}9`)),
      ["statistics"],
      "statistics",
      /^search fashion-mnist-8x8, columns: submitted \{.*\}?, computed \{/,
    ],
    [
      "a line that ends in its middle",
      editText("runs.jsonl", (text) => text.trimEnd()),
      ["schema"],
      "schema",
      /middle of a line/,
    ],
    [
      "a changed plugin",
      editText("plugin/index.ts", (text) => `${text}// better\n`),
      ["hashes"],
      "hashes",
      /index\.ts is not the file that was listed\nthe plugin is not the one that was run/,
    ],
    [
      "a changed plugin with new hashes of its files",
      (folder) => {
        editText("plugin/index.ts", (text) => `${text}// better\n`)(folder);
        editSubmission(({ plugin }) => {
          plugin.files = listPluginFiles(path.join(folder, "plugin"));
        })(folder);
      },
      ["hashes"],
      "hashes",
      /^the plugin is not the one that was run$/,
    ],
    [
      "another method with new hashes",
      (folder) => {
        writeFileSync(path.join(folder, "plugin/index.ts"), sourceOf(4));
        listAgain(folder);
      },
      ["reruns"],
      "reruns",
      /\/0: digest(?:.|\n)*\/11: digest/,
    ],
    [
      "the runs of another submission",
      (folder) => copyFileSync(path.join(root, "other/1.0.0/runs.jsonl"), path.join(folder, "runs.jsonl")),
      ["seeds", "duplicates"],
      "duplicates",
      /^12 runs have the digests of runs of other 1\.0\.0\n/,
    ],
    [
      "a file more",
      (folder) => writeFileSync(path.join(folder, "notes.txt"), ""),
      ["hashes"],
      "hashes",
      /notes\.txt is no part of a submission/,
    ],
    [
      "a file more in the plugin",
      (folder) => writeFileSync(path.join(folder, "plugin/.npmrc"), ""),
      ["hashes"],
      "hashes",
      /\.npmrc is there and not listed/,
    ],
    [
      "a link",
      (folder) => {
        renameSync(path.join(folder, "submission.json"), path.join(folder, "..", "submission.json"));
        symlinkSync("../submission.json", path.join(folder, "submission.json"));
      },
      ["outline"],
      "outline",
      /submission\.json is a link, no file/,
    ],
    [
      "another option",
      editSubmission((submission) => Object.assign(submission, { options: { size: 11 } })),
      ["reruns"],
      "reruns",
      /\/0: digest(?:.|\n)*\/11: digest/,
    ],
    [
      "an option that there is not",
      editSubmission((submission) => Object.assign(submission, { options: { depth: 11 } })),
      ["start"],
      "start",
      /depth/,
    ],
    [
      "fewer runs",
      editSubmission((submission) => Object.assign(submission, { runs: RUNS - 1 })),
      ["seeds"],
      "seeds",
      /11 runs of each search are claimed; protocol shipped has 12/,
    ],
    [
      "another table",
      editSubmission(({ table }) => Object.assign(table, { searchContentHash: otherDigit(table.searchContentHash) })),
      ["benchmark"],
      "benchmark",
      /the table is .* with content .*; here it is/,
    ],
    [
      "another protocol",
      editSubmission(({ protocol }) => Object.assign(protocol, { sha256: otherDigit(protocol.sha256) })),
      ["benchmark"],
      "benchmark",
      /no protocol that ships here/,
    ],
    [
      "priors",
      editSubmission((submission) => Object.assign(submission, { priors: ["knows it all"] })),
      ["schema"],
      "schema",
      /priors is \["knows it all"\], the plugin's manifest has \[\]/,
    ],
    [
      "another name",
      editSubmission(({ method }) => Object.assign(method, { id: "searched" })),
      ["schema"],
      "schema",
      /id is "searched", the plugin's manifest has "searches"/,
    ],
  ])("%s", async (_, tamper, failed, check, reason) => {
    const folder = path.join(temporaryFolder(), "searches/1.0.0");
    cpSync(path.join(root, "searches/1.0.0"), folder, { recursive: true });
    tamper(folder);
    const verified = await verifyStrictly(folder, root);
    expect(verified.reasons(check)).toMatch(reason);
    expect(verified.failed).toEqual(failed);
    expect(verified.exitCode).toBe(1);
    expect(verified.stderr).toContain("NAS_VERIFICATION_FAILED: the submission was not verified");
    for (const name of failed) expect(verified.stderr).toContain(name);
  });
});

describe.skipIf(!hasBubblewrap)(needsBubblewrap("a submission with failed runs"), () => {
  const verifyFailing = async (tamper: Tampering = () => {}) => {
    const folder = path.join(temporaryFolder(), "fails/1.0.0");
    cpSync(path.join(root, "fails/1.0.0"), folder, { recursive: true });
    tamper(folder);
    return verifyStrictly(folder, root);
  };

  test("can be shown, as 11/12 or so, but not verified", async () => {
    const { failed, reasons, verification } = await verifyFailing();
    expect(failed).toContain("finished-runs");
    expect(failed).not.toContain("schema");
    expect(reasons("finished-runs")).toMatch(/^run fashion-mnist-8x8\/\d+ failed with NAS_ALGORITHM_THREW/);
    expect(verification.outcome).toBe("failed");
    const { board } = collect({ submitted: { submissions: root, verifications: path.join(work, "none") } });
    const section = sectionsOf(board, "re-run").find(({ groups }) => groups.some(({ row }) => row.method === "fails"));
    const { row } = groupOf(section, "fails");
    expect(row.plannedRuns).toBe(RUNS);
    expect(row.runs).toBeLessThan(RUNS);
    expect(row.standing?.kind).toBe("claimed");
  });

  test("is found if the failed ones are dropped, or called finished", async () => {
    const claimNone = editSubmission((submission) => Object.assign(submission, { failedRuns: 0 }));
    const dropped = await verifyFailing((folder) => {
      editRuns((runs) => runs.filter(({ failure }) => failure === undefined))(folder);
      claimNone(folder);
    });
    expect(dropped.failed).toContain("seeds");
    expect(dropped.reasons("seeds")).toMatch(/is missing$/);
    expect(dropped.outcome("finished-runs")).toBe("passed");
    const finished = await verifyFailing((folder) => {
      editRuns((runs) => runs.map(({ failure: _, ...run }) => run))(folder);
      claimNone(folder);
    });
    expect(finished.failed).toContain("reruns");
    expect(finished.reasons("reruns")).toMatch(/its digest is right, but what is shown|stopped after/);
  });
});
