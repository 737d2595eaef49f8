import type { WireStart } from "../../schemas/generated/wire-message.ts";
import { messageOf } from "../errors/harness-error.ts";
import type { Algorithm, BudgetView, Proposal, Searcher } from "../plugins/algorithm.ts";
import { createContext } from "../plugins/context.ts";
import { deepFreeze } from "../plugins/options.ts";
import { isMutation } from "../plugins/thrown.ts";
import { NAS_BENCH_201_SPACE } from "../space/space.ts";
import { RELABELLED_SPACE } from "./relabelled-space.ts";
import type { GuestMessage, HostMessage } from "./wire-message.ts";

type Step = "create" | "ask" | "tell" | "answer";

interface GuestRun {
  readonly run: number;
  searcher: Searcher | null;
  proposal: Proposal | null;
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

/** A proposal as a message. What JSON can't hold goes as text: the harness's guards say what is wrong with it. */
function askMessage(run: number, proposal: Proposal): GuestMessage {
  if (typeof proposal !== "object" || proposal === null) throw new TypeError(`it proposed ${messageOf(proposal)}`);
  const { architecture, epochs } = proposal;
  if (!Number.isFinite(epochs)) throw new TypeError(`it proposed ${messageOf(epochs)} epochs`);
  const named = Object.entries(proposal).filter(([name]) => ["dataset", "recipe", "split"].includes(name));
  return {
    type: "ask",
    run,
    architecture: Number.isFinite(architecture) ? architecture : messageOf(architecture),
    epochs,
    ...Object.fromEntries(named.map(([name, value]) => [name, String(value)])),
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
      const { run, budget } = message;
      this.#runs.set(run, { run, searcher: null, proposal: null, remaining: budget.limit, cpuUs: 0 });
    }
    const guestRun = this.#runs.get(message.run);
    if (guestRun === undefined) return null;
    if (message.type === "cancel") {
      this.#runs.delete(message.run);
      return null;
    }
    const before = process.cpuUsage();
    const reply = this.#step(guestRun, message);
    const { user, system } = process.cpuUsage(before);
    guestRun.cpuUs += user + system;
    if (reply === null || reply.type === "ask") return reply;
    this.#runs.delete(message.run);
    return reply.type === "answer" ? { ...reply, cpuSeconds: guestRun.cpuUs / 1e6 } : reply;
  }

  /** The message for an error that was thrown outside of any step, or null if no run is to blame. */
  stray(thrown: unknown): GuestMessage | null {
    if (this.#last === null) return null;
    this.#runs.delete(this.#last);
    return { type: "error", run: this.#last, step: "elsewhere", message: messageOf(thrown) };
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
        if (guestRun.proposal !== null) return askMessage(run, guestRun.proposal);
      }
      step = "answer";
      const architecture = searcher.answer?.() ?? null;
      const isShown = architecture === null || Number.isFinite(architecture);
      return { type: "answer", run, architecture: isShown ? architecture : messageOf(architecture) };
    } catch (thrown) {
      return { type: "error", run, step, message: messageOf(thrown), mutated: isMutation(thrown) };
    }
  }

  #context({ seed, fidelities, budget, options, protocol, space }: WireStart, guestRun: GuestRun) {
    return createContext({
      space: space.relabelled ? RELABELLED_SPACE : NAS_BENCH_201_SPACE,
      seed,
      fidelities,
      budget: budgetView(budget, guestRun),
      options: deepFreeze(options),
      protocol: { ...protocol },
    });
  }
}
