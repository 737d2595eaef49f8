import { expect } from "vitest";
import { GuestRuns } from "../../core/isolation/guest-runs.ts";
import { formatMessage, readGuestMessage } from "../../core/isolation/wire-message.ts";
import { type AlgorithmContext, defineAlgorithm, propose, type Searcher } from "../../core/plugins/algorithm.ts";
import type { WireStart, WireTell } from "../../schemas/generated/wire-message.ts";

/** A run begins. */
export const start = (run: number, overrides: Partial<WireStart> = {}): WireStart => ({
  type: "start",
  run,
  seed: "8c1f02d34a5b6978e0f1a2b3c4d5e6f7",
  fidelities: [4, 12],
  maxEpochs: 12,
  budget: { kind: "simulated-ms", limit: 1000 },
  options: { sizes: [1, 2] },
  protocol: { id: "made-up", search: "first", dataset: "digits" },
  space: { id: "nas-bench-201", relabelled: false },
  ...overrides,
});

/** An evaluation. */
export const tell = (run: number, overrides: Partial<WireTell> = {}): WireTell => {
  return { type: "tell", run, validAccuracy: 50, costMs: 10, spentMs: 10, remaining: 990, over: false, ...overrides };
};

/** No further proposal is taken. */
export const finish = (run: number) => ({ type: "finish", run }) as const;

/** Runs of an algorithm whose every reply goes over the wire, so that it must be a valid message. */
export function runsOf(create: (context: AlgorithmContext) => Searcher) {
  const runs = new GuestRuns(defineAlgorithm({ create }));
  return (message: Parameters<GuestRuns["handle"]>[0]) => {
    const reply = runs.handle(message);
    return reply === null ? null : readGuestMessage(formatMessage(reply));
  };
}

/** A method that never ends. */
export const randomSearch = ({ space, random, maxEpochs }: AlgorithmContext) => ({
  ask: () => propose(space.sample(random), maxEpochs),
  tell: () => {},
});

/** The answer that ends a run. */
export const answerOf = (run: number, architecture: number | string | null) => {
  return { type: "answer", run, architecture, cpuSeconds: expect.any(Number) };
};
