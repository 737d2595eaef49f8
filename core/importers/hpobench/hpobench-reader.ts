import { createReadStream } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { jsonParser } from "stream-json/core/parser.js";
import { HarnessError, messageOf } from "../../errors/harness-error.ts";
import { readFailure } from "../../files/json-file.ts";
import type { Findings } from "../findings.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { HpobenchDocument } from "./hpobench-document.ts";
import type { HpobenchFile } from "./hpobench-files.ts";

const CHUNK_BYTES = 1 << 16;
const BATCH_TRIALS = 16;
const LONGEST_TAIL = 1 << 20;
const NO_JSON_NUMBER = /:\s*(NaN|-?Infinity)(?=\s*[,}])/g;

/**
 * Decodes chunks to text that ends after a comma or a brace, with quotes around NaN and Infinity: Python writes losses
 * that diverged so, which is no JSON.
 */
class JsonText {
  readonly #decoder = new StringDecoder("utf8");
  #tail = "";

  /** The text that can be parsed now; the rest is kept for the next chunk. */
  write(chunk: Buffer): string {
    const text = this.#tail + this.#decoder.write(chunk);
    const end = Math.max(text.lastIndexOf(","), text.lastIndexOf("}")) + 1;
    const cut = text.length - end > LONGEST_TAIL ? text.length : end;
    this.#tail = text.slice(cut);
    return text.slice(0, cut).replace(NO_JSON_NUMBER, ': "$1"');
  }

  /** What is left at the end of the file. */
  end(): string {
    return this.#tail + this.#decoder.end();
  }
}

function syntaxFault(document: HpobenchDocument, byte: number, thrown: unknown): HarnessError {
  return new HarnessError("NAS_BENCHMARK_FILE", {
    what: `the file is no JSON: ${messageOf(thrown).replace("Parser cannot parse input: ", "")}`,
    where: `${document.place()}, before byte ${byte}`,
    allowed: "one whole JSON document",
    next: "fetch HPOBench's nasbench_201_data_v1.3.zip again",
    cause: thrown,
  });
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) yield chunk as Buffer;
  } catch (cause) {
    throw readFailure(file, cause, "check the path");
  }
}

/**
 * Reads one of HPOBench's files (200-epoch trainings of one dataset), token by token: at no time is more than a few
 * trials of it in memory. A batch holds trials in the order of the file, which is seed by seed. HPOBench filled seeds that
 * were never trained with the values of another seed (its `objective_function` says so): a trial that is an exact copy of
 * an earlier one of its architecture is no trial and is left out, and noted in `findings`.
 * @param onBytes called with the number of bytes read so far
 * @throws NAS_FILE_NOT_FOUND, NAS_FILE_UNREADABLE, NAS_BENCHMARK_FILE (no JSON, truncated, another form, a value out of
 * range), naming seed, architecture and field
 */
export async function* readHpobench(
  source: HpobenchFile,
  findings: Findings,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<readonly OfficialTrial[]> {
  const document = new HpobenchDocument(source, findings);
  const parse = jsonParser({ streamValues: false });
  const text = new JsonText();
  let bytes = 0;
  const take = (part: string) => {
    try {
      const tokens = parse(part);
      if (typeof tokens === "object") for (const token of tokens.values) document.take(token);
    } catch (thrown) {
      throw thrown instanceof HarnessError ? thrown : syntaxFault(document, bytes, thrown);
    }
  };
  for await (const chunk of chunksOf(source.file)) {
    bytes += chunk.length;
    take(text.write(chunk));
    // Batches of fixed size: where the chunks end must not matter to an import that is started again.
    while (document.completed >= BATCH_TRIALS) yield document.drain(BATCH_TRIALS);
    onBytes(bytes);
  }
  take(text.end());
  if (document.completed > 0) yield document.drain(BATCH_TRIALS);
  if (document.finished) return;
  throw new HarnessError("NAS_BENCHMARK_FILE", {
    what: bytes === 0 ? "the file is empty" : "the file is truncated: it ends inside the document",
    where: `${document.place()}, after byte ${bytes}`,
    allowed: "one whole JSON document",
    next: "fetch HPOBench's nasbench_201_data_v1.3.zip again",
  });
}
