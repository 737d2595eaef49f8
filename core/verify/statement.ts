import path from "node:path";
import { verificationStatement as validator } from "../../schemas/generated/validators.cjs";
import type { Verification } from "../../schemas/generated/verification.ts";
import type { ResourceDescriptor, VerificationStatement } from "../../schemas/generated/verification-statement.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { readDocument } from "../files/json-file.ts";

/** Where a submission's statement is: `<root>/<name>/<version>.json`. */
export function statementFile(root: string, name: string, version: string): string {
  return path.join(root, name, `${version}.json`);
}

/** The address of the run of continuous integration that this process belongs to, or null. */
export function integrationRun(env: NodeJS.ProcessEnv = process.env): string | null {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = env;
  if (GITHUB_ACTIONS !== "true" || !GITHUB_SERVER_URL?.startsWith("https://")) return null;
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return null;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/**
 * A verification as an in-toto statement with the predicate test-result.
 * @param url the run of continuous integration that made it, or null
 */
export function makeStatement(verification: Verification, url: string | null): VerificationStatement {
  const { kind, name, version, sha256, protocol, table, base, outcome, isolation, checks, fresh, environment } =
    verification;
  const named = (outcomeOf: string) => checks.filter((check) => check.outcome === outcomeOf).map((check) => check.name);
  const resources: (ResourceDescriptor | null)[] = [
    {
      name: `nas-harness ${environment.harness}`,
      annotations: { ...environment, isolation },
    },
    protocol && { name: `protocol ${protocol.id} ${protocol.version}`, digest: { sha256: protocol.sha256 } },
    table && { name: `table ${table.id} ${table.version}`, digest: { sha256: table.searchContentHash } },
    base === null ? null : { name: "base commit", digest: { gitCommit: base } },
  ];
  const result = outcome === "failed" ? "FAILED" : isolation === "box" ? "PASSED" : "WARNED";
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      {
        name: `${kind} ${name} ${version}`,
        digest: { sha256 },
        ...(fresh === null
          ? {}
          : {
              annotations: { freshSeeds: fresh.rows.map(({ search, runs, columns }) => ({ search, runs, columns })) },
            }),
      },
    ],
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result,
      configuration: resources.filter((resource) => resource !== null),
      ...(url === null ? {} : { url }),
      passedTests: named("passed"),
      warnedTests: named("skipped"),
      failedTests: named("failed"),
    },
  };
}

/** Writes a statement. @throws NAS_WRITE_FAILED */
export function writeStatement(file: string, statement: VerificationStatement): void {
  writeFileAtomic(file, `${JSON.stringify(statement, null, 2)}\n`);
}

/** Reads a statement. @throws NAS_FILE_NOT_FOUND, NAS_JSON, NAS_SCHEMA */
export function readStatement(file: string): VerificationStatement {
  return readDocument<VerificationStatement>(file, validator);
}
