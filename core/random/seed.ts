import { createHash } from "node:crypto";

/** What a run's seed is made from. */
export interface SeedParts {
  /** The protocol's master seed. */
  readonly masterSeed: string;
  /** Protocol id. */
  readonly protocol: string;
  /** The protocol's search (a protocol may search on several datasets). */
  readonly search: string;
  /** Method id: the plugin's name. */
  readonly method: string;
  /** Run index, from 0. */
  readonly runIndex: number;
}

/** SHA-256, in hexadecimal, of the parts as a JSON list: lists can't run into one another as joined strings can. */
export function hashOf(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * A run's seed: 64 hexadecimal digits. Every run has its own, derived from its place in the plan and from nothing that
 * another run leaves behind (the authors' 500 runs had between 96 and 500 distinct trajectories because of the latter).
 */
export function runSeed(parts: SeedParts): string {
  return hashOf(["nas-harness/run", parts.masterSeed, parts.protocol, parts.search, parts.method, parts.runIndex]);
}

/**
 * Chooses the trial of an evaluation, in a stream that the algorithm's generator never touches:
 * hash(run seed, "trial", architecture, how often this run has evaluated it) mod the number of trials.
 */
export function trialChooser(seed: string): (architecture: number, repetition: number, trials: number) => number {
  const key = hashOf(["nas-harness/trial", seed]);
  const first = Number.parseInt(key.slice(0, 8), 16) | 0;
  const second = Number.parseInt(key.slice(8, 16), 16) | 0;
  return (architecture, repetition, trials) => {
    let mixed = mix(first ^ Math.imul(architecture + 1, 0x9e3779b1));
    mixed = mix(mixed ^ second ^ Math.imul(repetition + 1, 0x85ebca77));
    return (mixed >>> 0) % trials;
  };
}

/** A bijection of 32 bits in which every input bit moves every output bit (the finaliser of MurmurHash3). */
function mix(word: number): number {
  let bits = word;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
