import { describe, expect, test } from "vitest";
import {
  type AlgorithmContext,
  defineAlgorithm,
  type Evaluation,
  isAlgorithm,
  type Proposal,
  propose,
  type Searcher,
  type SearchGenerator,
} from "../../core/plugins/algorithm.ts";
import { fromGenerator } from "../../core/plugins/generator-adapter.ts";

const result = (validAccuracy: number): Evaluation =>
  Object.freeze({ validAccuracy, costMs: 1, spentMs: 1, remaining: 1 });

/** Asks and tells at most `limit` times as the runner does, with accuracies 0, 1, 2, …; returns what was proposed. */
function drive(searcher: Searcher, limit: number): Proposal[] {
  const proposals: Proposal[] = [];
  while (proposals.length < limit) {
    const proposal = searcher.ask();
    if (proposal === null) break;
    proposals.push(proposal);
    searcher.tell(proposal, result(proposals.length - 1));
  }
  return proposals;
}

describe("a generator search", () => {
  test("proposes what it yields and gets each evaluation in its place", () => {
    const seen: number[] = [];
    function* search(): SearchGenerator {
      for (const architecture of [5, 6, 7]) seen.push((yield propose(architecture, 12)).validAccuracy);
    }
    const searcher = fromGenerator(search());
    expect(drive(searcher, 10)).toEqual([propose(5, 12), propose(6, 12), propose(7, 12)]);
    expect(seen).toEqual([0, 1, 2]);
    expect(searcher.answer?.()).toBeNull();
  });

  test("that has ended proposes nothing any more", () => {
    function* search(): SearchGenerator {
      yield propose(1, 12);
    }
    const searcher = fromGenerator(search());
    drive(searcher, 10);
    expect([searcher.ask(), searcher.ask()]).toEqual([null, null]);
  });

  test("may propose nothing at all", () => {
    // biome-ignore lint/correctness/useYield: that is the point
    function* search(): SearchGenerator {
      return 42;
    }
    const searcher = fromGenerator(search());
    expect(searcher.ask()).toBeNull();
    expect(searcher.answer?.()).toBe(42);
  });

  test.each<[string, number | null | undefined, number | null]>([
    ["a number", 6111, 6111],
    ["zero", 0, 0],
    ["null", null, null],
    ["nothing", undefined, null],
  ])("returns %s as its answer", (_, returned, answer) => {
    function* search(): SearchGenerator {
      yield propose(1, 12);
      return returned;
    }
    const searcher = fromGenerator(search());
    drive(searcher, 10);
    expect(searcher.answer?.()).toBe(answer);
  });
});

describe("where the budget ends the run at a yield", () => {
  test("the finally blocks run and there is no answer", () => {
    const steps: string[] = [];
    function* search(): SearchGenerator {
      try {
        for (;;) yield propose(1, 12);
      } finally {
        steps.push("cleaned");
      }
    }
    const searcher = fromGenerator(search());
    drive(searcher, 3);
    expect(steps).toEqual([]);
    expect(searcher.answer?.()).toBeNull();
    expect(steps).toEqual(["cleaned"]);
  });

  test("a finally block may answer", () => {
    function* search(): SearchGenerator {
      let best = -1;
      try {
        for (let architecture = 0; ; architecture++) {
          yield propose(architecture, 12);
          best = architecture;
        }
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: the only way to answer after a return
        return best;
      }
    }
    const searcher = fromGenerator(search());
    drive(searcher, 4);
    // The last evaluation was told but the search was not resumed with it.
    expect(searcher.answer?.()).toBe(2);
  });

  test("a search that never started has no answer", () => {
    function* search(): SearchGenerator {
      yield propose(1, 12);
      return 7;
    }
    expect(fromGenerator(search()).answer?.()).toBeNull();
  });

  test("a search that goes on proposing is an error", () => {
    function* search(): SearchGenerator {
      try {
        yield propose(1, 12);
      } finally {
        yield propose(2, 12);
      }
    }
    const searcher = fromGenerator(search());
    drive(searcher, 1);
    expect(() => searcher.answer?.()).toThrow("goes on proposing after the end");
  });
});

describe("errors of the search", () => {
  test.each(["ask", "answer"] as const)("come out of %s as they are", (step) => {
    const odd = new Error("odd");
    function* search(): SearchGenerator {
      try {
        yield propose(1, 12);
        throw odd;
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: an error while cleaning up
        if (step === "answer") throw odd;
      }
    }
    const searcher = fromGenerator(search());
    drive(searcher, 1);
    expect(() => searcher[step]?.()).toThrow(odd);
  });
});

describe("defineAlgorithm", () => {
  const context = { fidelities: [12] } as unknown as AlgorithmContext;

  test("takes both forms and starts each run afresh", () => {
    const generator = defineAlgorithm({
      search: function* () {
        let count = 0;
        while (count < 2) yield propose(count++, 12);
      },
    });
    const askTell = defineAlgorithm({
      create() {
        let count = 0;
        return { ask: () => (count < 2 ? propose(count++, 12) : null), tell() {} };
      },
    });
    for (const algorithm of [generator, askTell]) {
      expect(isAlgorithm(algorithm)).toBe(true);
      expect(Object.isFrozen(algorithm)).toBe(true);
      expect(drive(algorithm.create(context), 10)).toEqual([propose(0, 12), propose(1, 12)]);
      expect(drive(algorithm.create(context), 10)).toHaveLength(2);
    }
  });

  test("hands the context on", () => {
    let given: unknown;
    const algorithm = defineAlgorithm({
      search: function* (inner) {
        given = inner;
        yield propose(0, 12);
      },
    });
    algorithm.create(context).ask();
    expect(given).toBe(context);
  });

  test.each([null, undefined, 5, "text", {}, { create() {} }, { kind: "algorithm" }, () => {}])(
    "%s is none",
    (value) => {
      expect(isAlgorithm(value)).toBe(false);
    },
  );
});
