import { createHash } from "node:crypto";
import type { Token } from "stream-json/core/parser.js";
import { HarnessError } from "../../errors/harness-error.ts";
import { formatArchitecture, parseArchitecture } from "../../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { allowedValues } from "../../tables/value-range.ts";
import type { Findings } from "../findings.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { TrialMetrics } from "../trial-metrics.ts";
import { allowedKeys, HPOBENCH_FIELDS, placeOfKey } from "./hpobench-fields.ts";
import type { HpobenchFile } from "./hpobench-files.ts";

const EPOCHS = 200;
const SHAPE = '{"<seed>": {"<architecture>": {"<field>": {"<epoch or split@epoch>": <number>}}}}';
const LEVELS = ["seed", "architecture", "field", "key"] as const;
const SEED = /^(?:0|[1-9]\d{0,8})$/;
const OPENING = new Set(["startObject", "startArray"]);
const LONGEST_SHOWN = 100;

/** A trial that is being read. */
interface Reading {
  readonly architecture: number;
  readonly metrics: TrialMetrics;
  readonly fields: Set<string>;
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

function shown(text: string): string {
  return shortened(JSON.stringify(text));
}

/** SHA-256 over all series of a trial: equal for exact copies only. */
function digestOf(metrics: OfficialTrial["metrics"]): string {
  const hash = createHash("sha256");
  for (const name of [...metrics.keys()].sort()) {
    const series = metrics.get(name);
    if (series === undefined || typeof series === "number") continue;
    hash
      .update(name)
      .update(series.values)
      .update(series.recorded ?? "all");
  }
  return hash.digest("base64");
}

/** Takes the JSON tokens of one of HPOBench's files and gives the trials, one architecture of one seed after the other. */
export class HpobenchDocument {
  readonly #file: HpobenchFile;
  readonly #findings: Findings;
  /** Names from the outside in: seed, architecture, field, key. */
  readonly #path: string[] = [];
  #depth = 0;
  /** Levels inside a value that is skipped, -1: none is. */
  #skipped = -1;
  #finished = false;
  #reading: Reading | null = null;
  readonly #seeds = new Set<number>();
  /** Number of the seed that an architecture was read in last, from 1. Shape [15625]. */
  readonly #readIn = new Uint32Array(ARCHITECTURE_COUNT);
  /** By architecture, the seed that each digest was first seen with. */
  readonly #digests = new Map<number, Map<string, number>>();
  readonly #trials: OfficialTrial[] = [];

  constructor(file: HpobenchFile, findings: Findings) {
    this.#file = file;
    this.#findings = findings;
  }

  /** True once the document has ended. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Where the reading is, for messages: file, seed, architecture, field, key. */
  place(): string {
    const parts = this.#path.map((name, at) => `${LEVELS[at]} ${shortened(name)}`);
    return [this.#file.file, ...parts].join(", ");
  }

  /** Number of trials that are complete and were not taken. */
  get completed(): number {
    return this.#trials.length;
  }

  /** Takes the next complete trials, at most so many. */
  drain(most: number): OfficialTrial[] {
    return this.#trials.splice(0, most);
  }

  /** Takes the next token. @throws NAS_BENCHMARK_FILE */
  take(token: Token): void {
    if (this.#skipped >= 0) this.#skip(token);
    else if (token.name === "keyValue") this.#key(token.value);
    else if (token.name === "startObject" && this.#depth < LEVELS.length) this.#open();
    else if (token.name === "endObject") this.#close();
    else if (token.name === "numberValue" && this.#depth === LEVELS.length) this.#value(Number(token.value));
    else if (token.name === "stringValue" && this.#isDivergedLoss(token.value)) this.#value(Number(token.value));
    else throw this.#fault(`${wordFor(token)} stands where ${this.#expected()} should`, `the file's form: ${SHAPE}`);
  }

  #expected(): string {
    return this.#depth === LEVELS.length ? "a number" : "an object";
  }

  #fault(what: string, allowed: string): HarnessError {
    return new HarnessError("NAS_BENCHMARK_FILE", {
      what,
      where: this.place(),
      allowed,
      next: "fetch HPOBench's nasbench_201_data_v1.3.zip again, or correct the file",
    });
  }

  #skip(token: Token): void {
    if (OPENING.has(token.name)) this.#skipped++;
    else if (token.name === "endObject" || token.name === "endArray") this.#skipped--;
    if (this.#skipped === 0) this.#skipped = -1;
  }

  #key(name: string): void {
    this.#path.length = this.#depth - 1;
    this.#path.push(name);
    if (this.#depth === 1) this.#beginSeed(name);
    else if (this.#depth === 2) this.#beginTrial(name);
    else if (this.#depth === 3) this.#beginField(name);
  }

  #open(): void {
    this.#depth++;
  }

  #close(): void {
    this.#path.length = --this.#depth;
    if (this.#depth === 2) this.#endTrial();
    this.#finished = this.#depth === 0;
  }

  #beginSeed(name: string): void {
    if (!SEED.test(name)) throw this.#fault(`${shown(name)} is no seed`, "an integer such as 777");
    if (this.#seeds.has(Number(name))) throw this.#fault(`seed ${name} stands there twice`, "each seed once");
    this.#seeds.add(Number(name));
  }

  #beginTrial(name: string): void {
    const architecture = this.#architecture(name);
    if (this.#readIn[architecture] === this.#seeds.size) {
      throw this.#fault(`architecture ${architecture} stands there twice`, "each architecture once a seed");
    }
    this.#readIn[architecture] = this.#seeds.size;
    this.#reading = { architecture, metrics: new TrialMetrics(EPOCHS), fields: new Set() };
  }

  #architecture(name: string): number {
    try {
      return parseArchitecture(name);
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      throw this.#fault(`a key is no architecture: ${error.details.what}`, "an architecture string of NAS-Bench-201");
    }
  }

  #beginField(name: string): void {
    const { fields } = this.#reading as Reading;
    if (fields.has(name)) throw this.#fault(`field ${name} stands there twice`, "each field once");
    fields.add(name);
    if (Object.hasOwn(HPOBENCH_FIELDS, name)) return;
    this.#findings.add(`field ${name} is unknown and was not read`, this.place());
    this.#skipped = 0;
  }

  #value(value: number): void {
    const [, , field, key] = this.#path as [string, string, string, string];
    const { dataset } = this.#file;
    const place = placeOfKey(field, key, dataset, EPOCHS);
    if (place === null) throw this.#fault(`${shown(key)} is no key of ${field}`, allowedKeys(field, dataset, EPOCHS));
    const { metric, epoch, scale } = place;
    const result = (this.#reading as Reading).metrics.record(metric, epoch, value * scale);
    if (result === "twice") throw this.#fault(`${field} has ${shown(key)} twice`, "each key once");
    if (result === "range") throw this.#fault(`${field} is ${value} at ${shown(key)}`, allowedValues(metric));
  }

  /** True for what a reader of Python's JSON makes of a loss that diverged. */
  #isDivergedLoss(text: string): boolean {
    return (
      this.#depth === LEVELS.length && /^(NaN|Infinity)$/.test(text) && this.#path[2]?.endsWith("_losses") === true
    );
  }

  #endTrial(): void {
    const { architecture, metrics, fields } = this.#reading as Reading;
    const missing = Object.keys(HPOBENCH_FIELDS).filter((field) => !fields.has(field));
    if (missing.length > 0) {
      const place = `${formatArchitecture(architecture)} lacks ${missing.join(", ")}`;
      throw this.#fault(`a trial is incomplete: ${place}`, `fields ${Object.keys(HPOBENCH_FIELDS).join(", ")}`);
    }
    this.#reading = null;
    const seed = Number(this.#path[0]);
    const trial: OfficialTrial = {
      architecture,
      dataset: this.#file.dataset,
      recipe: "200-epochs",
      epochs: EPOCHS,
      seed,
      metrics: metrics.finish(),
    };
    const original = this.#originalOf(trial);
    if (original === null) this.#trials.push(trial);
    else {
      const place = `architecture ${architecture} on ${this.#file.dataset}: seed ${seed} is that of seed ${original}`;
      this.#findings.add("a trial that is an exact copy of another seed's was left out", place);
    }
  }

  /** The seed of an earlier trial of the architecture that has exactly the same values, or null. */
  #originalOf({ architecture, seed, metrics }: OfficialTrial): number | null {
    const digests = this.#digests.get(architecture) ?? new Map<string, number>();
    this.#digests.set(architecture, digests);
    const digest = digestOf(metrics);
    const original = digests.get(digest);
    if (original === undefined) digests.set(digest, seed);
    return original ?? null;
  }
}

function wordFor(token: Token): string {
  const words: Readonly<Record<string, string>> = {
    startObject: "an object",
    startArray: "a list",
    endArray: "the end of a list",
    numberValue: "a number",
    stringValue: "a string",
    nullValue: "null",
    trueValue: "true",
    falseValue: "false",
  };
  return words[token.name] ?? token.name;
}
