import child from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** What a search must not depend on, and what it has instead. */
function refusal(name: string, instead: string): () => never {
  return () => {
    throw new Error(`a search may not use ${name}: ${instead}`);
  };
}

const RANDOM = "context.random is its source of randomness";
const TIME = "time is simulated, evaluation.spentMs tells it";
const FILES = "load what it needs when the module is loaded";

/** Functions of an object that are replaced; those that the running Node.js lacks are passed over. */
function replace(owner: object, names: readonly string[], prefix: string, instead: string): void {
  for (const name of names) {
    if (typeof (owner as Record<string, unknown>)[name] !== "function") continue;
    Object.defineProperty(owner, name, { value: refusal(prefix + name, instead), configurable: true, writable: true });
  }
}

/**
 * From now on this process's clocks, hidden randomness, environment and files throw an error that names them. It finds what
 * is used without thinking; it is no barrier for somebody who looks for a way around it.
 */
export function setTraps(): void {
  replace(Math, ["random"], "Math.", RANDOM);
  replace(crypto, ["randomBytes", "randomInt", "randomUUID", "randomFillSync"], "crypto.", RANDOM);
  replace(globalThis.crypto, ["getRandomValues", "randomUUID"], "crypto.", RANDOM);
  replace(performance, ["now"], "performance.", TIME);
  replace(process, ["hrtime", "uptime"], "process.", TIME);
  const files = Object.keys(fs).filter((name) =>
    /^(read|open|stat|lstat|exists|write|append|mkdir|rm|copy)/.test(name),
  );
  // The guest's own pipes are read and written by streams that hold their functions already.
  replace(fs, files, "fs.", FILES);
  replace(
    child,
    ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"],
    "child_process.",
    FILES,
  );
  const clock = Date;
  globalThis.Date = new Proxy(clock, {
    apply: refusal("Date()", TIME),
    construct: (target, words) =>
      words.length === 0 ? refusal("new Date()", TIME)() : Reflect.construct(target, words),
    get: (target, name) => (name === "now" ? refusal("Date.now", TIME) : Reflect.get(target, name)),
  });
  Object.defineProperty(process, "env", {
    get: refusal("process.env", "options are its settings"),
    set: refusal("process.env", "options are its settings"),
    configurable: true,
  });
  syncBuiltinESMExports();
}
