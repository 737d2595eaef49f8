import { describe, expect, test } from "vitest";
import { propose } from "../../core/plugins/algorithm.ts";
import { answerOf, finish, randomSearch, runsOf, start, tell } from "./guest-messages.ts";

describe("a run", () => {
  test("goes from start over tells to finish, and the searcher gets what it would get inside the harness", () => {
    const calls: unknown[] = [];
    const handle = runsOf(({ options, protocol, fidelities, maxEpochs }) => {
      calls.push({ options, protocol, fidelities, maxEpochs });
      const first = propose(7, 12);
      return {
        ask: () => (calls.length === 1 ? first : propose(8, 4)),
        tell: (proposal, evaluation) => calls.push([proposal === first, Object.isFrozen(evaluation), evaluation]),
        answer: () => 9,
      };
    });
    expect(handle({ type: "hello", versions: [1], harness: "0.1.0" })).toBeNull();
    expect(handle(start(3, { fidelities: [12, 4] }))).toEqual({ type: "ask", run: 3, architecture: 7, epochs: 12 });
    expect(handle(tell(3))).toEqual({ type: "ask", run: 3, architecture: 8, epochs: 4 });
    expect(handle(finish(3))).toEqual(answerOf(3, 9));
    const { options, protocol } = start(3);
    const evaluation = { validAccuracy: 50, costMs: 10, spentMs: 10, remaining: 990 };
    expect(calls).toEqual([{ options, protocol, fidelities: [4, 12], maxEpochs: 12 }, [true, true, evaluation]]);
    expect([tell(3), finish(3), { type: "stop" } as const].map(handle)).toEqual([null, null, null]);
  });

  test("ends when the method has no further proposal", () => {
    const handle = runsOf(() => ({ ask: () => null, tell: () => {} }));
    expect(handle(start(0))).toEqual(answerOf(0, null));
    expect(handle(finish(0))).toBeNull();
  });

  test("that is over says nothing until it is finished", () => {
    const told: number[] = [];
    const handle = runsOf(() => ({
      ask: () => propose(told.length, 12),
      tell: (_, { remaining }) => told.push(remaining),
      answer: () => told.length,
    }));
    handle(start(0));
    expect(handle(tell(0, { remaining: -5, over: true }))).toBeNull();
    expect(told).toEqual([-5]);
    expect(handle(finish(0))).toEqual(answerOf(0, 1));
  });

  test("that is cancelled is forgotten, others go on", () => {
    const handle = runsOf(randomSearch);
    handle(start(0));
    handle(start(1));
    expect(handle({ type: "cancel", run: 0 })).toBeNull();
    expect(handle(tell(0))).toBeNull();
    expect(handle(finish(0))).toBeNull();
    expect(handle(tell(1))).toMatchObject({ type: "ask", run: 1 });
  });

  test("proposes the same from the same seed, whatever other run is in between", () => {
    const next = (handle: ReturnType<typeof runsOf>, run: number) => {
      const reply = handle(tell(run));
      return reply?.type === "ask" ? reply.architecture : null;
    };
    const alone = runsOf(randomSearch);
    alone(start(0));
    const expected = Array.from({ length: 20 }, () => next(alone, 0));
    expect(new Set(expected).size).toBeGreaterThan(10);

    const together = runsOf(randomSearch);
    together(start(4, { seed: "0".repeat(31).concat("7") }));
    together(start(5));
    const mixed = expected.map(() => [next(together, 4), next(together, 5)]);
    expect(mixed.map(([, own]) => own)).toEqual(expected);
    expect(mixed.map(([other]) => other)).not.toEqual(expected);
  });
});
