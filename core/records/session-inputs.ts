import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RecordConstraint } from "../../schemas/generated/record.ts";
import type { ProtocolConstraints } from "../costs/constraints.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { parseJson, readTextFile } from "../files/json-file.ts";
import { harnessVersion } from "../files/package-version.ts";
import { pluginHash } from "../plugins/plugin-hash.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import type { Shard } from "../runner/plan.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { RecordHead } from "./record.ts";

/** Name of the file beside the records that says what they were made from. */
export const INPUTS_NAME = "run.json";

/** What a method's records were made from: `run.json`. Two folders with equal inputs hold records of the same plan. */
export interface SessionInputs {
  readonly protocol: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly table: RecordHead["table"];
  readonly method: { readonly id: string; readonly version: string; readonly title: string };
  readonly pluginSha256: string;
  readonly options: Record<string, unknown>;
  /** Runs of each search. */
  readonly runs: number;
  /** The cost tables of a protocol with constraints, in the order in which it names them. */
  readonly costs?: readonly RecordConstraint["costs"][];
  /** File names of the extensions, with the SHA-256 of each. */
  readonly extensions: readonly { readonly file: string; readonly sha256: string }[];
}

/** Where the records were made; never compared, never part of a digest. */
export interface Environment {
  readonly harness: string;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly arch: string;
}

/** The content of `run.json`. */
export interface InputsFile extends SessionInputs {
  readonly format: 1;
  /** `i/N`, or null for a whole plan. */
  readonly shard: string | null;
  /** The protocol in full, so that results stand for themselves where it was a user's own file. */
  readonly definition: Protocol;
  readonly environment: Environment;
}

/** The running environment. */
export function currentEnvironment(): Environment {
  const { node, v8 } = process.versions;
  return { harness: harnessVersion(), node, v8, platform: process.platform, arch: process.arch };
}

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

/** SHA-256 of a protocol's canonical JSON, its `$schema` apart. */
export function protocolSha256({ $schema: _, ...content }: Protocol): string {
  return sha256(canonicalJson(content));
}

/** The inputs of a method under a protocol. */
export function sessionInputs(
  protocol: Protocol,
  table: RecordHead["table"],
  plugin: LocatedPlugin<AlgorithmManifest>,
  options: Record<string, unknown>,
  runs: number,
  extensions: readonly string[],
): SessionInputs {
  const { name, version, title } = plugin.manifest;
  return {
    protocol: { id: protocol.id, version: protocol.version, sha256: protocolSha256(protocol) },
    table,
    method: { id: name, version, title },
    pluginSha256: pluginHash(plugin.folder),
    options,
    runs,
    extensions: extensions.map((file) => ({ file: path.basename(file), sha256: sha256(readFileSync(file)) })),
  };
}

/** The identities of the cost tables that a protocol's constraints name. */
export function costsOf({ tables }: ProtocolConstraints): NonNullable<SessionInputs["costs"]> {
  return tables.map(({ card: { id, version, contentHash } }) => ({ id, version, contentHash }));
}

/** `i/N`, or null for a whole plan. */
export function shardText(shard: Shard | null): string | null {
  return shard === null ? null : `${shard.index}/${shard.count}`;
}

/** The text of `run.json`. */
export function formatInputs(inputs: SessionInputs, definition: Protocol, shard: Shard | null): string {
  const environment = currentEnvironment();
  const content: InputsFile = { format: 1, ...inputs, shard: shardText(shard), definition, environment };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Writes `run.json`. @throws NAS_WRITE_FAILED */
export function writeInputs(folder: string, inputs: SessionInputs, definition: Protocol, shard: Shard | null): void {
  writeFileAtomic(path.join(folder, INPUTS_NAME), formatInputs(inputs, definition, shard));
}

/** Reads `run.json`, or null if there is none. @throws NAS_JSON */
export function readInputs(folder: string): InputsFile | null {
  const file = path.join(folder, INPUTS_NAME);
  return existsSync(file) ? (parseJson(readTextFile(file), file) as InputsFile) : null;
}

/** The names of the inputs in which two sessions differ. */
export function differingInputs(a: SessionInputs, b: SessionInputs): string[] {
  const names = ["protocol", "table", "method", "pluginSha256", "options", "runs", "costs", "extensions"] as const;
  return names.filter((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null));
}

/** Demands that stored results were made from these inputs. @throws NAS_RESUME_MISMATCH naming what differs */
export function checkSameInputs(folder: string, stored: InputsFile, inputs: SessionInputs, shard: Shard | null): void {
  const differing = differingInputs(stored, inputs);
  if (stored.shard !== shardText(shard)) differing.push("shard");
  if (differing.length === 0) return;
  const shown = (value: unknown) => {
    const text = canonicalJson(value ?? null);
    return text.length > 200 ? `${text.slice(0, 197)}...` : text;
  };
  const lines = differing.map((name) => {
    const before = name === "shard" ? stored.shard : stored[name as keyof SessionInputs];
    const now = name === "shard" ? shardText(shard) : inputs[name as keyof SessionInputs];
    return `- ${name}: stored ${shown(before)}, now ${shown(now)}`;
  });
  throw new HarnessError("NAS_RESUME_MISMATCH", {
    what: "the results in the folder were made from other inputs",
    where: [folder, ...lines].join("\n"),
    next: "name another --output, or add --overwrite to start anew",
  });
}
