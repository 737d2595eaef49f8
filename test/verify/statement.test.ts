import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HarnessError } from "../../core/errors/harness-error.ts";
import {
  integrationRun,
  makeStatement,
  readStatement,
  statementFile,
  writeStatement,
} from "../../core/verify/statement.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { exampleVerification, unreadableVerification } from "./example-submission.ts";

const URL = "https://github.com/example/shapes/actions/runs/7";

test("a statement names the submission by its hash, and what it was verified with", () => {
  const verification = exampleVerification();
  const { subject, predicate, _type, predicateType } = makeStatement(verification, URL);
  expect([_type, predicateType]).toEqual([
    "https://in-toto.io/Statement/v1",
    "https://in-toto.io/attestation/test-result/v0.1",
  ]);
  const [row] = verification.fresh?.rows ?? [];
  expect(subject).toEqual([
    {
      name: "algorithm hill-climbing 1.0.0",
      digest: { sha256: verification.sha256 },
      annotations: { freshSeeds: [{ search: "shapes", runs: 100, columns: row?.columns }] },
    },
  ]);
  expect(predicate).toMatchObject({
    ...{ result: "PASSED", url: URL, passedTests: ["schema"], warnedTests: ["relabelling"], failedTests: [] },
  });
  expect(predicate.configuration.slice(1)).toEqual([
    { name: "protocol shapes-one-hour 1.0.0", digest: { sha256: verification.protocol?.sha256 } },
    { name: "table shapes 1.2.0", digest: { sha256: verification.table?.searchContentHash } },
    { name: "base commit", digest: { gitCommit: verification.base } },
  ]);
  expect(predicate.configuration[0]).toMatchObject({
    name: "nas-harness 0.1.0",
    annotations: { isolation: "box", node: "24.1.0" },
  });
});

test("without a box nothing passes: it is a warning; a failure is one either way", () => {
  const resultOf = (isolation: "box" | "process", outcome: "passed" | "failed") =>
    makeStatement({ ...exampleVerification(), isolation, outcome }, null).predicate.result;
  expect(resultOf("box", "passed")).toBe("PASSED");
  expect(resultOf("process", "passed")).toBe("WARNED");
  expect(resultOf("box", "failed")).toBe("FAILED");
  expect(resultOf("process", "failed")).toBe("FAILED");
});

test.each([
  ["everything", exampleVerification(), URL],
  ["nothing that could be read", unreadableVerification(), null],
])("a statement of %s is read as it was written", (_, verification, url) => {
  const file = statementFile(temporaryFolder(), verification.name, verification.version);
  const statement = makeStatement(verification, url);
  writeStatement(file, statement);
  expect(readStatement(file)).toEqual(statement);
  expect(path.basename(path.dirname(file))).toBe(verification.name);
  expect("url" in statement.predicate).toBe(url !== null);
});

test("a statement that is none is refused with its file", () => {
  const file = path.join(temporaryFolder(), "1.0.0.json");
  expect(existsSync(file)).toBe(false);
  expect(harnessErrorOf(() => readStatement(file)).code).toBe("NAS_FILE_NOT_FOUND");
  writeFileSync(file, '{"_type": "https://in-toto.io/Statement/v1"}');
  const error = harnessErrorOf(() => readStatement(file));
  expect(error).toBeInstanceOf(HarnessError);
  expect(error.code).toBe("NAS_SCHEMA");
  expect(error.details.where).toContain(file);
});

describe("the run of continuous integration", () => {
  const env = { GITHUB_ACTIONS: "true", GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "example/shapes" };

  test("is the address that its variables make", () => {
    expect(integrationRun({ ...env, GITHUB_RUN_ID: "7" })).toBe(URL);
  });

  test.each([
    [{}],
    [{ ...env, GITHUB_ACTIONS: undefined }],
    [{ ...env, GITHUB_SERVER_URL: "http://github.com" }],
    [{ ...env, GITHUB_SERVER_URL: undefined }],
    [{ ...env, GITHUB_REPOSITORY: undefined, GITHUB_RUN_ID: "7" }],
    [env],
  ])("is none where they do not say so: %j", (variables) => {
    expect(integrationRun(variables)).toBeNull();
  });
});
