import { createHash } from "node:crypto";
import { HarnessError, messageOf } from "../../errors/harness-error.ts";
import { SPLITS, type TrialResult } from "../trial.ts";
import type { FingerprintedPart } from "./part-inputs.ts";

/** One finished training of a build. */
export interface BuiltTrial {
  /** Representative of the class that was trained. */
  readonly architecture: number;
  readonly result: TrialResult;
}

/** What the JSON of a line holds. */
interface TrialDocument extends Pick<TrialResult, "weightsSha256" | "hasDiverged"> {
  readonly inputs: string;
  readonly architecture: number;
  /** [loss, accuracy] of each split. */
  readonly curves: readonly (readonly [string, string])[];
}

const CHECKSUM_DIGITS = 16;

const encodeFloats = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

function decodeFloats(text: unknown, length: number): Float32Array {
  const bytes = Buffer.from(String(text), "base64");
  if (bytes.length !== 4 * length) throw new Error(`a curve has ${bytes.length / 4} epochs, not ${length}`);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const checksum = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, CHECKSUM_DIGITS);

/**
 * A trial as one line of a build's file: a checksum, a space, then JSON with the curves as base64 of little-endian float32,
 * so that not a bit is lost.
 * @param inputs fingerprint of the part
 */
export function formatTrial({ architecture, result }: BuiltTrial, inputs: string): string {
  const curves = SPLITS.map(
    (split) => [encodeFloats(result.curves[split].loss), encodeFloats(result.curves[split].accuracy)] as const,
  );
  const { weightsSha256, hasDiverged } = result;
  const document: TrialDocument = { inputs, architecture, curves, weightsSha256, hasDiverged };
  const text = JSON.stringify(document);
  return `${checksum(text)} ${text}`;
}

/** The JSON of a line. @throws Error if a single character of the line was changed or lost */
function checkedDocument(line: string): TrialDocument {
  const [sum, space, text] = [
    line.slice(0, CHECKSUM_DIGITS),
    line.slice(CHECKSUM_DIGITS, CHECKSUM_DIGITS + 1),
    line.slice(CHECKSUM_DIGITS + 1),
  ];
  if (space !== " " || sum !== checksum(text)) throw new Error("its checksum does not match");
  return JSON.parse(text) as TrialDocument;
}

function decodeTrial({ architecture, curves, weightsSha256, hasDiverged }: TrialDocument, epochs: number): BuiltTrial {
  const curve = (at: number) => ({
    loss: decodeFloats(curves[at]?.[0], epochs),
    accuracy: decodeFloats(curves[at]?.[1], epochs),
  });
  return {
    architecture,
    result: { curves: { train: curve(0), valid: curve(1), test: curve(2) }, weightsSha256, hasDiverged },
  };
}

/**
 * Reads a line of {@link formatTrial}.
 * @param where file and line, for messages
 * @throws NAS_BUILD_CORRUPT if the line is broken, NAS_RESUME_MISMATCH if it is whole and its trial was trained by another
 * recipe or on other images
 */
export function parseTrial(line: string, part: FingerprintedPart, where: string): BuiltTrial {
  let document: TrialDocument;
  try {
    document = checkedDocument(line);
    if (document.inputs === part.inputs) return decodeTrial(document, part.recipe.epochs);
  } catch (cause) {
    throw new HarnessError("NAS_BUILD_CORRUPT", {
      what: `a stored training can't be read: ${messageOf(cause)}`,
      where,
      next: "run the same command again: it trains again what is missing or broken",
      cause,
    });
  }
  throw new HarnessError("NAS_RESUME_MISMATCH", {
    what: `a training of recipe ${part.recipe.id}, seed ${part.seed} that is kept here was made by other settings or on other images`,
    where,
    next: "name another --work folder, or delete this file if its trainings are not needed any more",
  });
}
