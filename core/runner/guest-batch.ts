import type { RunFailure } from "../../schemas/generated/record.ts";
import type { WireAnswer, WireAsk, WireError } from "../../schemas/generated/wire-message.ts";
import { HarnessError } from "../errors/harness-error.ts";
import type { GuestEnd } from "../isolation/guest-process.ts";
import { packConstraints } from "../isolation/wire-constraints.ts";
import type { GuestMessage, HostMessage } from "../isolation/wire-message.ts";
import { parseArchitecture } from "../space/codec.ts";
import { ActiveRun, type RunInputs, type RunOutcome } from "./active-run.ts";
import { algorithmFault } from "./algorithm-fault.ts";
import { runConstraints } from "./run-constraints.ts";

/** The part of a guest that a batch needs. */
export interface BatchGuest {
  send(messages: readonly HostMessage[]): void;
  stop(): void;
  kill(what: string, error?: HarnessError | null): void;
  readonly ready: Promise<void>;
}

/** What a guest tells a batch. */
export interface BatchGuestEvents {
  readonly onMessages: (messages: readonly GuestMessage[]) => void;
  readonly onEnd: (end: GuestEnd) => void;
}

/** Settings of a batch. */
export interface BatchOptions {
  /** Starts a fresh process of the method. */
  readonly launch: (events: BatchGuestEvents) => BatchGuest;
  /** Wall-clock limit of one run in seconds. */
  readonly limitSeconds: number;
  /** Called for each run as it finishes, in any order. */
  readonly onFinished: (inputs: RunInputs, outcome: RunOutcome, cpuSeconds: number) => void;
}

const SEED_DIGITS = 32;

function startMessage(run: number, inputs: RunInputs): HostMessage {
  const { search, run: name, seed, options, relabelling } = inputs;
  const { limits, allowed } = runConstraints(inputs);
  const fidelities = [...search.fidelities].sort((a, b) => a - b);
  const { kind, limit } = search.budget;
  return {
    type: "start",
    run,
    // Enough for the method's generator; which trial an evaluation draws is decided by the digits that it does not get.
    seed: seed.slice(0, SEED_DIGITS),
    fidelities,
    maxEpochs: fidelities.at(-1) as number,
    budget: { kind, limit },
    options,
    protocol: { id: name.protocol, search: name.search, dataset: search.dataset },
    space: { id: "nas-bench-201", relabelled: relabelling !== undefined },
    ...(allowed === null ? {} : { constraints: packConstraints(limits, allowed) }),
  };
}

/** An index as the wire carries it. A string that is no architecture stays one: the guards say what is wrong with it. */
function indexOf(architecture: number | string): number {
  if (typeof architecture === "number") return architecture;
  try {
    return parseArchitecture(architecture);
  } catch {
    return architecture as unknown as number;
  }
}

/** Runs that are in one guest at the same time: while the method thinks about one, the harness evaluates another. */
class Conversation {
  readonly done: Promise<GuestEnd | null>;
  readonly #options: BatchOptions;
  readonly #guest: BatchGuest;
  readonly #active = new Map<number, { readonly run: ActiveRun; mayAsk: boolean }>();
  readonly #totalSeconds: number;
  #settle!: { resolve: (end: GuestEnd | null) => void; reject: (error: unknown) => void };
  #silence: NodeJS.Timeout | null = null;
  #total: NodeJS.Timeout | null = null;
  #timedOut = false;

  constructor(inputs: readonly RunInputs[], options: BatchOptions) {
    this.#options = options;
    this.#totalSeconds = options.limitSeconds * inputs.length;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#guest = options.launch({
      onMessages: (messages) => this.#receive(messages),
      onEnd: (end) => this.#settle.resolve(this.#active.size === 0 ? null : end),
    });
    this.#guest.ready.then(
      () => this.#start(inputs),
      () => {},
    );
    this.done
      .finally(() => {
        if (this.#silence !== null) clearTimeout(this.#silence);
        if (this.#total !== null) clearTimeout(this.#total);
      })
      .catch(() => {});
  }

  /** True if the guest was ended because it took too long. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /** Runs that have no outcome yet. */
  get unfinished(): RunInputs[] {
    return [...this.#active.values()].map(({ run }) => run.inputs);
  }

  #start(inputs: readonly RunInputs[]): void {
    const late = () => {
      this.#timedOut = true;
      this.#guest.kill("took too long");
    };
    this.#total = setTimeout(late, Math.min(this.#totalSeconds * 1000, 2_147_483_647));
    this.#silence = setTimeout(late, Math.min(this.#options.limitSeconds * 1000, 2_147_483_647));
    try {
      inputs.forEach((one, run) => {
        this.#active.set(run, { run: new ActiveRun(one), mayAsk: true });
      });
      this.#guest.send(inputs.map((one, run) => startMessage(run, one)));
    } catch (error) {
      this.#abort(error);
    }
  }

  /** Ends everything: the harness or an extension failed, not the method. */
  #abort(error: unknown): void {
    this.#settle.reject(error);
    this.#guest.kill("was stopped");
  }

  #receive(messages: readonly GuestMessage[]): void {
    this.#silence?.refresh();
    const replies: HostMessage[] = [];
    for (const message of messages) {
      if (message.type === "ready") throw this.#outOfTurn("ready");
      const active = this.#active.get(message.run);
      if (active === undefined || (message.type === "ask" && !active.mayAsk)) {
        throw this.#outOfTurn(`${message.type} for run ${message.run}`);
      }
      try {
        if (message.type === "ask") replies.push(...this.#evaluate(active, message));
        else this.#finish(active.run, message);
      } catch (error) {
        if (!this.#fail(active.run, message, error)) return;
        if (message.type === "ask") replies.push({ type: "cancel", run: message.run });
      }
    }
    this.#guest.send(replies);
    if (this.#active.size === 0) this.#guest.stop();
  }

  #outOfTurn(what: string): HarnessError {
    return new HarnessError("NAS_GUEST_MESSAGE", {
      what: `the method sent ${what} when it was not its turn`,
      allowed: "one message for each start, tell or finish of the harness",
      next: "docs/wire-protocol.md tells whose turn it is",
    });
  }

  #evaluate(active: { readonly run: ActiveRun; mayAsk: boolean }, message: WireAsk): HostMessage[] {
    const { type: _, run, architecture, epochs, ...rest } = message;
    // The guards look at what it is.
    const proposal = { ...rest, architecture: indexOf(architecture), epochs: epochs as number };
    const { evaluation, isOver } = active.run.propose(proposal);
    active.mayAsk = !isOver;
    const told = evaluation === null ? [] : [{ type: "tell" as const, run, ...evaluation, over: isOver }];
    return isOver ? [...told, { type: "finish", run }] : told;
  }

  #finish(run: ActiveRun, message: WireAnswer | WireError): void {
    if (message.type === "error") {
      const fault = { step: message.step, message: message.message, isMutation: message.mutated === true };
      throw algorithmFault(run.inputs.run, fault, run.evaluator.trace.length);
    }
    const { architecture, cpuSeconds = 0 } = message;
    const answers = run.answersFor(architecture === null ? null : indexOf(architecture));
    this.#active.delete(message.run);
    this.#options.onFinished(run.inputs, run.finish(answers), cpuSeconds);
  }

  /** Fails one run; false if it is not the method's fault and all ends. */
  #fail(run: ActiveRun, { run: id }: WireAsk | WireAnswer | WireError, error: unknown): boolean {
    try {
      const outcome = run.fail(error);
      this.#active.delete(id);
      this.#options.onFinished(run.inputs, outcome, 0);
      return true;
    } catch (harnessError) {
      this.#abort(harnessError);
      return false;
    }
  }
}

/** Why a run failed whose process is gone. */
function failureOf({ run }: RunInputs, end: GuestEnd, timedOut: boolean, limitSeconds: number): RunFailure {
  const { method, runIndex } = run;
  if (timedOut) {
    const what = `${method} did not finish run ${runIndex} within ${limitSeconds} s (--run-limit)`;
    return { code: "NAS_ALGORITHM_TIMEOUT", what };
  }
  if (end.error !== null) return { code: end.error.code, what: `${method}: ${end.what} (run ${runIndex})` };
  return { code: "NAS_ALGORITHM_DIED", what: `${method} ${end.what} in run ${runIndex}` };
}

/**
 * Executes runs of one method in processes of its own. All of them share a fresh process and are talked to at once. If it
 * dies, hangs or talks nonsense, the runs without an outcome get a fresh process each, so that a failure is the failure of
 * the run that causes it.
 * @throws NAS_HOOK and what `onFinished` throws
 */
export async function executeGuestBatch(inputs: readonly RunInputs[], options: BatchOptions): Promise<void> {
  const together = new Conversation(inputs, options);
  if ((await together.done) === null) return;
  const left = together.unfinished.length > 0 ? together.unfinished : inputs;
  for (const one of left) {
    const alone = new Conversation([one], options);
    const end = await alone.done;
    if (end === null) continue;
    const failure = failureOf(one, end, alone.timedOut, options.limitSeconds);
    options.onFinished(one, { trace: [], answers: [], refusedBy: [], failure }, 0);
  }
}
