import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { HarnessError } from "../../core/errors/harness-error.ts";
import { checkDocument } from "../../core/files/json-file.ts";
import { builtInProtocols, loadProtocol } from "../../core/protocols/protocol-file.ts";
import { INPUTS_NAME, readInputs } from "../../core/records/session-inputs.ts";
import { readSummary, SUMMARY_NAME } from "../../core/statistics/summary-file.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { AlgorithmSubmission } from "../../schemas/generated/submission.ts";
import { protocol as protocolValidator } from "../../schemas/generated/validators.cjs";
import type { VerificationStatement } from "../../schemas/generated/verification-statement.ts";
import { LOCAL, type Standing } from "./standing.ts";

/** A submission behind a summary: its runs are short lines in runs.jsonl. */
export interface SubmittedSource {
  readonly kind: "submission";
  readonly folder: string;
  readonly submission: AlgorithmSubmission;
  /** What verification found of these very files, wherever it was recorded. */
  readonly statement: VerificationStatement | null;
}

/** Where the single runs behind a summary lie: in a submission, or as whole records with their reported values beside them. */
export type RunSource = SubmittedSource | { readonly kind: "results"; readonly folder: string };

/** A method's summary and the protocol that it was made under. */
export interface FoundSummary {
  readonly summary: RunSummary;
  /** Null for a summary that came without its runs. */
  readonly source: RunSource | null;
  /** The whole protocol; null where the folder lacks it and none of this id and version ships with the harness. */
  readonly definition: Protocol | null;
  /** Where the row of one of the protocol's searches stands. */
  readonly standing: (search: string) => Standing;
}

/** The summaries of results folders. */
export interface FoundSummaries {
  readonly summaries: readonly FoundSummary[];
  /** Method folders without a summary. */
  readonly unfinished: readonly UnfinishedMethod[];
}

/** A method folder whose plan has not run to its end. */
export interface UnfinishedMethod {
  readonly folder: string;
  /** `<protocol>/<method>`. */
  readonly name: string;
}

function subfolders(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .filter((name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true);
}

/** The protocol of a summary: from the inputs beside it, or one that ships with the harness. @throws NAS_JSON, NAS_SCHEMA */
function definitionOf({ protocol }: RunSummary, folder: string): Protocol | null {
  const stored: unknown = readInputs(folder)?.definition;
  const candidates: Protocol[] = [];
  if (stored !== undefined) candidates.push(checkDocument(stored, protocolValidator, path.join(folder, INPUTS_NAME)));
  if (builtInProtocols().includes(protocol.id)) candidates.push(loadProtocol(protocol.id));
  return candidates.find(({ id, version }) => id === protocol.id && version === protocol.version) ?? null;
}

/**
 * Reads every `<results>/<protocol>/<method>/summary.json`, in alphabetical order. Folders that hold neither a summary
 * nor the inputs of a run are passed over.
 * @throws NAS_FILE_NOT_FOUND if a results folder is missing, NAS_JSON and NAS_SCHEMA naming a broken summary
 */
export function findSummaries(results: readonly string[]): FoundSummaries {
  const summaries: FoundSummary[] = [];
  const unfinished: UnfinishedMethod[] = [];
  for (const root of results) {
    if (!existsSync(root) || !statSync(root).isDirectory()) {
      throw new HarnessError("NAS_FILE_NOT_FOUND", {
        what: "there is no such results folder",
        where: root,
        next: "name the --output of nas-harness run, or leave --results out",
      });
    }
    for (const protocol of subfolders(root)) {
      for (const method of subfolders(path.join(root, protocol))) {
        const folder = path.join(root, protocol, method);
        if (existsSync(path.join(folder, SUMMARY_NAME))) {
          const summary = readSummary(folder);
          const source: RunSource = { kind: "results", folder };
          summaries.push({ summary, source, definition: definitionOf(summary, folder), standing: () => LOCAL });
        } else if (existsSync(path.join(folder, INPUTS_NAME))) {
          unfinished.push({ folder, name: `${protocol}/${method}` });
        }
      }
    }
  }
  return { summaries, unfinished };
}
