import type { WireStart } from "../../schemas/generated/wire-message.ts";
import { messageOf } from "../errors/harness-error.ts";
import type { Algorithm, BudgetView, Proposal, Searcher } from "../plugins/algorithm.ts";
import { createContext } from "../plugins/context.ts";
import { deepFreeze } from "../plugins/options.ts";
import { RELABELLED_SPACE } from "../plugins/relabelled-space.ts";
import { isMutation } from "../plugins/thrown.ts";
import { NAS_BENCH_201_SPACE } from "../space/space.ts";
import { unpackAllowed } from "./wire-constraints.ts";
import type { GuestMessage, HostMessage } from "./wire-message.ts";

type Step = "create" | "ask" | "tell" | "answer";

interface GuestRun {
  readonly run: number;
  searcher: Searcher | null;
  proposal: Proposal | null;
  readonly maxEpochs: number;
  remaining: number;
  /** Processor time in microseconds. */
  cpuUs: number;
}

/** What is left, as the harness last said it; the rule is that of the harness's own ledger. */
function budgetView({ kind, limit }: WireStart["budget"], guestRun: GuestRun): BudgetView {
  const price = (epochs: number) => (kind === "evaluations" ? 1 : epochs);
  const affords = (epochs: number) =>
    kind === "simulated-ms" ? guestRun.remaining > 0 : price(epochs) <= guestRun.remaining;
  return { kind, limit, affords };
}

const LONGEST_NAME = 200;

/** A number as it is; anything else as a text that the harness's guards refuse and show. */
function numberOrText(value: unknown): number | string {
  return typeof value === "number" && Number.isFinite(value) ? value : `(${messageOf(value)})`;
}

/** A proposal as a message. What JSON can't hold goes as text: the guards then say what is wrong with it. */
function askMessage(run: number, proposal: Proposal, maxEpochs: number): GuestMessage {
  if (typeof proposal !== "object" || proposal === null)
    return { type: "ask", run, architecture: `(${messageOf(proposal)})`, epochs: maxEpochs };
  const asked = proposal as Proposal & { dataset?: unknown; recipe?: unknown; split?: unknown };
  const named = (["dataset", "recipe", "split"] as const).filter((name) => asked[name] !== undefined);
  return {
    type: "ask",
    run,
    architecture: numberOrText(asked.architecture),
    epochs: numberOrText(asked.epochs),
    ...Object.fromEntries(named.map((name) => [name, messageOf(asked[name]).slice(0, LONGEST_NAME).toWellFormed()])),
  };
}

/** The runs of an algorithm that a guest has begun: takes the harness's messages, gives the algorithm's. */
export class GuestRuns {
  readonly #algorithm: Algorithm;
  readonly #runs = new Map<number, GuestRun>();
  #last: number | null = null;

  constructor(algorithm: Algorithm) {
    this.#algorithm = algorithm;
  }

  /** What the algorithm says to a message; nothing if it has nothing to say. */
  handle(message: HostMessage): GuestMessage | null {
    if (message.type === "hello" || message.type === "stop") return null;
    this.#last = message.run;
    if (message.type === "start") {
      const { run, budget, maxEpochs } = message;
      this.#runs.set(run, { run, maxEpochs, searcher: null, proposal: null, remaining: budget.limit, cpuUs: 0 });
    }
    const guestRun = this.#runs.get(message.run);
    if (guestRun === undefined) return null;
    if (message.type === "cancel") {
      this.#forget(message.run);
      return null;
    }
    const before = process.cpuUsage();
    const reply = this.#step(guestRun, message);
    const { user, system } = process.cpuUsage(before);
    guestRun.cpuUs += user + system;
    if (reply === null || reply.type === "ask") return reply;
    if (reply.type !== "answer") {
      this.#forget(message.run);
      return reply;
    }
    // It is still the one to blame, until its answer is on its way.
    this.#runs.delete(message.run);
    return { ...reply, cpuSeconds: guestRun.cpuUs / 1e6 };
  }

  /** Says that a run's answer was sent: nothing more can be said for it. */
  sent(run: number): void {
    this.#forget(run);
  }

  /** The message for an error that was thrown outside of any step, or null if no run is to blame. */
  stray(thrown: unknown): GuestMessage | null {
    const run = this.#last;
    if (run === null) return null;
    this.#forget(run);
    return { type: "error", run, step: "elsewhere", message: messageOf(thrown) };
  }

  #forget(run: number): void {
    this.#runs.delete(run);
    if (this.#last === run) this.#last = null;
  }

  #step(guestRun: GuestRun, message: Exclude<HostMessage, { type: "hello" | "stop" | "cancel" }>): GuestMessage | null {
    const { run } = guestRun;
    let step: Step = "create";
    try {
      if (message.type === "start") guestRun.searcher = this.#algorithm.create(this.#context(message, guestRun));
      const searcher = guestRun.searcher as Searcher;
      if (message.type === "tell") {
        step = "tell";
        const { validAccuracy, costMs, spentMs, remaining, over } = message;
        guestRun.remaining = remaining;
        const evaluation = Object.freeze({ validAccuracy, costMs, spentMs, remaining });
        searcher.tell(guestRun.proposal as Proposal, evaluation);
        if (over) return null;
      }
      if (message.type !== "finish") {
        step = "ask";
        guestRun.proposal = searcher.ask();
        if (guestRun.proposal !== null) return askMessage(run, guestRun.proposal, guestRun.maxEpochs);
      }
      step = "answer";
      const architecture = searcher.answer?.() ?? null;
      return { type: "answer", run, architecture: architecture === null ? null : numberOrText(architecture) };
    } catch (thrown) {
      return { type: "error", run, step, message: messageOf(thrown), mutated: isMutation(thrown) };
    }
  }

  #context({ seed, fidelities, budget, options, protocol, space, constraints }: WireStart, guestRun: GuestRun) {
    return createContext({
      space: space.relabelled ? RELABELLED_SPACE : NAS_BENCH_201_SPACE,
      limits: constraints?.limits ?? [],
      allowed: unpackAllowed(constraints),
      seed,
      fidelities,
      budget: budgetView(budget, guestRun),
      options: deepFreeze(options),
      protocol: { ...protocol },
    });
  }
}
