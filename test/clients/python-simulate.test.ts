import { beforeAll, describe, expect, test } from "vitest";
import { askPython, hasPython, needsPython } from "../helpers/python-client.ts";

const SCRIPT = `
from nas_harness import propose, simulate

def sampler(context):
    for _ in range(context.options.get("most", 100)):
        if not context.budget.affords(context.max_epochs):
            return
        yield propose(context.space.sample(context.random), context.max_epochs)

def answering(context):
    yield propose(1, context.max_epochs)
    yield propose(2, context.max_epochs)
    return 1

def thrower(context):
    yield propose(1, context.max_epochs)
    raise KeyError("of the search's own")

def spendthrift(context):
    while True:
        yield propose(7, context.max_epochs)

def yielding(value):
    def search(context):
        yield value
    return search

def returning(value):
    def search(context):
        return value
        yield
    return search

def run(search, accuracy=lambda architecture: architecture % 100, **settings):
    try:
        simulation = simulate(search, accuracy, **settings)
    except Exception as error:
        return [type(error).__name__, str(error)]
    steps = [
        [proposal.architecture, proposal.epochs, e.valid_accuracy, e.cost_ms, e.spent_ms, e.remaining]
        for proposal, e in simulation.trace
    ]
    return {"steps": steps, "answer": simulation.answer}

print(json.dumps({
    "first": run(sampler, seed=1),
    "again": run(sampler, seed=1),
    "other": run(sampler, seed=2),
    "short": run(sampler, options={"most": 3}),
    "ties": run(sampler, lambda architecture: 50),
    "rounded": run(sampler, lambda architecture: 100 / 3, evaluations=2),
    "answering": run(answering),
    "faults": {
        "throws": run(thrower),
        "spends too much": run(spendthrift, evaluations=4),
        "no architecture": run(yielding(propose(15625, 12))),
        "no epochs": run(yielding(propose(1, 5))),
        "no proposal": run(yielding(1)),
        "nothing": run(returning(None)),
        "no answer": run(returning(-1)),
    },
}))
`;

describe.skipIf(!hasPython)(needsPython("simulate, a run of a search on a made-up benchmark"), () => {
  // biome-ignore lint/suspicious/noExplicitAny: what the script prints
  let found: any;
  beforeAll(async () => {
    found = await askPython(SCRIPT, null);
  });

  test("pays for as many evaluations as were asked for, and gives the best one as the answer", () => {
    const { steps, answer } = found.first;
    expect(steps).toHaveLength(100);
    steps.forEach(([architecture, epochs, accuracy, cost, spent, remaining]: number[], at: number) => {
      expect([epochs, accuracy]).toEqual([12, (architecture as number) % 100]);
      expect([cost, spent, remaining]).toEqual([1000, 1000 * (at + 1), 99 - at]);
    });
    const best = Math.max(...steps.map(([, , accuracy]: number[]) => accuracy));
    expect(answer % 100).toBe(best);
    expect(found.ties.answer).toBe(found.ties.steps[0][0]);
    expect(found.rounded.steps.map(([, , accuracy]: number[]) => accuracy)).toEqual([33.3333, 33.3333]);
  });

  test("equal seeds give equal runs, options arrive, an answer of the search's own counts", () => {
    expect(found.again).toEqual(found.first);
    expect(found.other.steps).not.toEqual(found.first.steps);
    expect(found.short.steps).toHaveLength(3);
    expect(found.answering.answer).toBe(1);
  });

  test.each([
    ["throws", "KeyError", /of the search's own/],
    ["spends too much", "ValueError", /ask context\.budget\.affords first/],
    ["no architecture", "ValueError", /^15625 is no architecture/],
    ["no epochs", "ValueError", /^5 epochs were proposed; context\.fidelities are \(12,\)/],
    ["no proposal", "TypeError", /it must yield propose/],
    ["nothing", "ValueError", /without an evaluation and without an answer/],
    ["no answer", "ValueError", /^-1 is no architecture/],
  ])("a search that breaks the contract is told: %s", (name, type, message) => {
    expect(found.faults[name]).toEqual([type, expect.stringMatching(message)]);
  });
});
