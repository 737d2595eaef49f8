import { describe, expect, test } from "vitest";
import { GuestRuns } from "../../core/isolation/guest-runs.ts";
import { type AlgorithmContext, defineAlgorithm, propose } from "../../core/plugins/algorithm.ts";
import { answerOf, finish, randomSearch, runsOf, start, tell } from "./guest-messages.ts";

describe("an error", () => {
  const failing = (step: string, fail: (context: AlgorithmContext) => void) => (context: AlgorithmContext) => {
    if (step === "create") fail(context);
    return {
      ask: () => {
        if (step === "ask") fail(context);
        return propose(7, 12);
      },
      tell: () => {
        if (step === "tell") fail(context);
      },
      answer: () => {
        if (step === "answer") fail(context);
        return null;
      },
    };
  };

  test.each(["create", "ask", "tell", "answer"])("in %s is told with its step and ends its run only", (step) => {
    const throwing = failing(step, () => {
      throw new Error("made up");
    });
    const changing = failing(step, ({ options }) => (options.sizes as number[]).push(3));
    for (const [create, mutated, message] of [
      [throwing, false, "made up"],
      [changing, true, expect.stringContaining("not extensible")],
    ] as const) {
      const handle = runsOf((context) => (context.protocol.id === "good" ? randomSearch : create)(context));
      handle(start(1, { protocol: { ...start(1).protocol, id: "good" } }));
      const replies = [start(0), tell(0), finish(0)].map(handle).filter((reply) => reply?.type !== "ask");
      expect(replies.filter((reply) => reply !== null)).toEqual([{ type: "error", run: 0, step, message, mutated }]);
      expect(handle(tell(1))).toMatchObject({ type: "ask", run: 1 });
    }
  });

  test("outside of all steps belongs to the run that was last at work", () => {
    const runs = new GuestRuns(defineAlgorithm({ create: randomSearch }));
    expect(runs.stray(new Error("made up"))).toBeNull();
    runs.handle(start(0));
    runs.handle(start(1));
    expect(runs.stray(new Error("made up"))).toEqual({ type: "error", run: 1, step: "elsewhere", message: "made up" });
    expect(runs.handle(tell(1))).toBeNull();
    expect(runs.handle(tell(0))).toMatchObject({ type: "ask", run: 0 });
  });
});

describe("a proposal", () => {
  const proposing = (proposal: unknown, answer: unknown = null) =>
    runsOf(() => ({ ask: () => proposal as never, tell: () => {}, answer: () => answer as never }));

  test.each([
    [Number.NaN, "(NaN)"],
    [Number.POSITIVE_INFINITY, "(Infinity)"],
    [undefined, "(undefined)"],
    [5n, "(5)"],
    ["|none~0|", "(|none~0|)"],
    [1.5, 1.5],
    [-1, -1],
  ])("or an answer of %s goes to the guards as %j", (architecture, sent) => {
    const handle = proposing({ architecture, epochs: 12 }, architecture ?? "undefined");
    expect(handle(start(0))).toEqual({ type: "ask", run: 0, architecture: sent, epochs: 12 });
    expect(handle(finish(0))).toEqual(answerOf(0, sent));
  });

  test("may name dataset, recipe and split, and takes nothing else along", () => {
    const named = { architecture: 5, epochs: 12, dataset: "digits", recipe: "short", split: "test" };
    expect(proposing({ ...named, trick: 1 })(start(0))).toEqual({ type: "ask", run: 0, ...named });
  });

  test.each([
    [5, { architecture: "(5)", epochs: 12 }],
    [undefined, { architecture: "(undefined)", epochs: 12 }],
    [
      { architecture: 5, epochs: Number.NaN },
      { architecture: 5, epochs: "(NaN)" },
    ],
    [{ architecture: 5 }, { architecture: 5, epochs: "(undefined)" }],
    [
      { architecture: 5, epochs: 12, split: undefined },
      { architecture: 5, epochs: 12 },
    ],
    [
      { architecture: 5, epochs: 12, split: {} },
      { architecture: 5, epochs: 12, split: "[object Object]" },
    ],
  ])("that is %j goes to the guards, which refuse what is wrong with it", (proposal, sent) => {
    expect(proposing(proposal)(start(0))).toEqual({ type: "ask", run: 0, ...sent });
  });
});
