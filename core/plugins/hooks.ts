import { SyncBailHook, SyncHook, SyncWaterfallHook } from "tapable";
import { HarnessError, messageOf } from "../errors/harness-error.ts";
import type { Proposal } from "./algorithm.ts";

/** A run, named. */
export interface RunName {
  readonly protocol: string;
  readonly search: string;
  readonly method: string;
  readonly runIndex: number;
}

/** An evaluation that was made. */
export interface EvaluatedEvent {
  readonly run: RunName;
  readonly architecture: number;
  readonly epochs: number;
  /** Percent. */
  readonly validAccuracy: number;
  /** Simulated milliseconds: of this evaluation, and of the run so far. */
  readonly costMs: number;
  readonly spentMs: number;
}

/** A column that the leaderboard shows besides the protocol's own. */
export interface ExtraColumn {
  readonly name: string;
  readonly title: string;
  /** The cell's text for a row, or null for none. */
  readonly cell: (row: { readonly method: string; readonly protocol: string }) => string | null;
}

/** What happens at each moment; the names tell the time. Only `proposed` may refuse, only `leaderboardColumns` may add. */
export interface HookEvents {
  /** The plan is made, nothing has run yet. */
  runPlanned: (plan: { readonly protocol: string; readonly runs: number }) => void;
  /** A run starts. */
  runStarted: (run: RunName) => void;
  /** A proposal has passed the guards. A tap may return a reason to refuse it, which ends the run. */
  proposed: (event: { readonly run: RunName; readonly proposal: Proposal }) => string | undefined;
  /** A proposal was evaluated and charged. */
  evaluated: (event: EvaluatedEvent) => void;
  /** The run's best validation accuracy at the answer's epochs rose. */
  incumbentChanged: (event: EvaluatedEvent) => void;
  /** A run is over. */
  runFinished: (event: { readonly run: RunName; readonly evaluations: number; readonly failed: boolean }) => void;
  /** A run's record is on disk. */
  recordWritten: (event: { readonly run: RunName; readonly digest: string }) => void;
  /** The leaderboard's columns are collected; a tap returns the list with its own added. */
  leaderboardColumns: (columns: readonly ExtraColumn[]) => readonly ExtraColumn[];
}

/** Name of a hook. */
export type HookName = keyof HookEvents;

/** All hook names in the order of time. */
export const HOOK_NAMES = [
  "runPlanned",
  "runStarted",
  "proposed",
  "evaluated",
  "incumbentChanged",
  "runFinished",
  "recordWritten",
  "leaderboardColumns",
] as const satisfies readonly HookName[];

/** A refusal of a proposal. */
export interface Refusal {
  readonly by: string;
  readonly reason: string;
}

/** The narrow handle that an extension gets: it can tap, and nothing else. */
export interface Tappable {
  /**
   * Taps a hook.
   * @param hook one of {@link HOOK_NAMES}
   * @param name the extension's own name, unique in that hook
   * @throws NAS_HOOK
   */
  tap<Name extends HookName>(hook: Name, name: string, listener: HookEvents[Name]): void;
}

/** An extension: a module that observes runs, refuses proposals or adds columns. */
export interface Extension {
  readonly kind: "nas-harness/extension";
  readonly name: string;
  readonly apply: (hooks: Tappable) => void;
}

/** Defines an extension, the default export of a module given by `--extension`. */
export function defineExtension(definition: { name: string; apply: (hooks: Tappable) => void }): Extension {
  return Object.freeze({ kind: "nas-harness/extension", ...definition });
}

/** Freezes an event and the run that it names: observers of one run must not change what others see. */
function frozen<Event extends object>(event: Event): Event {
  if ("run" in event) Object.freeze(event.run);
  return Object.freeze(event);
}

/**
 * The frozen table of hooks. A raw tapable hook is no guard (an interceptor can replace a tap), so the guards of the core
 * are plain functions and extensions only ever get {@link HookTable.forExtensions}.
 */
export class HookTable {
  readonly #hooks = Object.freeze({
    runPlanned: new SyncHook<[unknown]>(["plan"]),
    runStarted: new SyncHook<[unknown]>(["run"]),
    proposed: new SyncBailHook<[unknown], Refusal>(["event"]),
    evaluated: new SyncHook<[unknown]>(["event"]),
    incumbentChanged: new SyncHook<[unknown]>(["event"]),
    runFinished: new SyncHook<[unknown]>(["event"]),
    recordWritten: new SyncHook<[unknown]>(["event"]),
    leaderboardColumns: new SyncWaterfallHook<[readonly ExtraColumn[]]>(["columns"]),
  });
  readonly #names = new Map<HookName, Set<string>>();

  /** Whether anybody listens: callers skip building the event if not. */
  isUsed(hook: HookName): boolean {
    return this.#hooks[hook].isUsed();
  }

  /** Calls an observing hook. @throws NAS_HOOK naming hook and extension if a tap throws */
  call<Name extends Exclude<HookName, "proposed" | "leaderboardColumns">>(
    hook: Name,
    event: Parameters<HookEvents[Name]>[0],
  ): void {
    this.#hooks[hook].call(frozen(event));
  }

  /** Asks every tap of `proposed` until one refuses. @throws NAS_HOOK */
  refusalOf(event: Parameters<HookEvents["proposed"]>[0]): Refusal | undefined {
    return this.#hooks.proposed.call(frozen(event));
  }

  /** The leaderboard's extra columns. @throws NAS_HOOK */
  extraColumns(): readonly ExtraColumn[] {
    return this.#hooks.leaderboardColumns.call(Object.freeze([]));
  }

  /** What extensions get: `tap`, with a unique name, errors rethrown with hook and extension named. */
  forExtensions(): Tappable {
    return Object.freeze({
      tap: <Name extends HookName>(hook: Name, name: string, listener: HookEvents[Name]) => {
        this.#checkTap(hook, name, listener);
        const guarded = (argument: unknown) =>
          this.#guard(hook, name, listener as (event: unknown) => unknown, argument);
        (this.#hooks[hook] as SyncHook<[unknown]>).tap(name, guarded as (event: unknown) => void);
      },
    });
  }

  #checkTap(hook: string, name: string, listener: unknown): void {
    const fail = (what: string, allowed: string) => {
      throw new HarnessError("NAS_HOOK", {
        what,
        where: `tap("${hook}", "${name}", …)`,
        allowed,
        next: "correct the extension",
      });
    };
    if (!(HOOK_NAMES as readonly string[]).includes(hook)) fail(`there is no hook "${hook}"`, HOOK_NAMES.join(", "));
    if (typeof name !== "string" || name.trim() === "") fail("a tap needs a name", "the extension's own name");
    if (typeof listener !== "function") fail("a tap needs a function", "a function of the event");
    const names = this.#names.get(hook as HookName) ?? new Set();
    if (names.has(name)) fail(`"${name}" has tapped this hook already`, "one tap a hook and name");
    this.#names.set(hook as HookName, names.add(name));
  }

  #guard(hook: HookName, name: string, listener: (event: unknown) => unknown, argument: unknown): unknown {
    let result: unknown;
    try {
      result = listener(argument);
    } catch (cause) {
      throw new HarnessError("NAS_HOOK", {
        what: `extension "${name}" threw in hook ${hook}: ${messageOf(cause)}`,
        next: "correct the extension, or run without it",
        cause,
      });
    }
    const fail = (allowed: string) => {
      throw new HarnessError("NAS_HOOK", {
        what: `extension "${name}" returned ${messageOf(result)} in hook ${hook}`,
        allowed,
        next: "correct the extension, or run without it",
      });
    };
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === "function") {
      // Nobody waits for it: its failure must not bring down the process.
      Promise.resolve(result).catch(() => {});
      fail("a function that is not async: hooks are synchronous");
    }
    if (hook === "proposed") {
      // A guard that seems to refuse and does not is worse than none, so `true` or "" is an error.
      if (result === undefined) return undefined;
      if (typeof result !== "string" || result.trim() === "") fail("undefined, or a reason for the refusal");
      return { by: name, reason: result };
    }
    if (hook !== "leaderboardColumns" || result === undefined) return undefined;
    const before = argument as readonly ExtraColumn[];
    if (!Array.isArray(result) || !before.every((column) => result.includes(column))) {
      fail("the list that it was given with its own columns added");
    }
    return Object.freeze(result);
  }
}
