import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { pluginHash } from "../../core/plugins/plugin-hash.ts";
import { builtInMethods, locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { needsTraining } from "../../core/runner/plan.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";

const protocol = loadProtocol("fashion-mnist-8x8");
const readJson = (...place: string[]) => JSON.parse(readFileSync(path.join(REPOSITORY, ...place), "utf8"));

/** The words of the first command of a script in package.json. */
function wordsOf(script: string): string[] {
  return readJson("package.json").scripts[script].split(" && ")[0].split(" ");
}

describe.each(builtInMethods())("%s", (method) => {
  const { folder, manifest } = locateAlgorithm(method);

  test("is submitted as it is now, with all runs of the protocol", () => {
    const place = ["leaderboard/submissions", method, manifest.version];
    const submission: AlgorithmSubmission = readJson(...place, "submission.json");
    expect(
      submission.plugin.sha256,
      "the plugin was changed and neither its version raised nor it submitted again",
    ).toBe(pluginHash(folder));
    const runs = needsTraining(manifest) ? 3 : 500;
    expect(submission).toMatchObject({ protocol: { id: protocol.id, version: protocol.version }, runs, failedRuns: 0 });
    const lines = readFileSync(path.join(REPOSITORY, ...place, "runs.jsonl"), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line).runIndex)).toEqual(Array.from({ length: runs }, (_, at) => at));
  });

  test("is run again by npm run reference, which resumes", () => {
    const words = wordsOf("reference");
    expect(words).toContain(method);
    expect(words).toContain("--resume");
  });

  test("is run again by npm start if it trains nothing", () => {
    expect(wordsOf("start").includes(method)).toBe(!needsTraining(manifest));
  });
});
