import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BudgetLedger } from "../../core/protocols/ledger.ts";
import type { Budget } from "../../schemas/generated/protocol.ts";

const limits = fc.integer({ min: 1, max: 100_000 });
const kinds = fc.constantFrom<Budget["kind"]>("simulated-ms", "evaluations", "epochs");
const budgets = fc.record({ kind: kinds, limit: limits, crossing: fc.constant<Budget["crossing"]>("reject") });
const evaluations = fc.array(
  fc.record({ epochs: fc.integer({ min: 1, max: 200 }), costMs: fc.integer({ min: 0, max: 50_000 }) }),
  { maxLength: 100 },
);

/** What an evaluation costs in a budget's own unit. */
function price(kind: Budget["kind"], epochs: number, costMs: number): number {
  return { "simulated-ms": costMs, evaluations: 1, epochs }[kind];
}

describe("laws", () => {
  test("a run that ends at the first crossing never exceeds its budget", () => {
    fc.assert(
      fc.property(budgets, evaluations, (budget, list) => {
        const ledger = new BudgetLedger(budget);
        for (const { epochs, costMs } of list) {
          if (ledger.admit(epochs, costMs) === "crosses") break;
          ledger.charge(epochs, costMs);
        }
        expect(ledger.spent).toBeLessThanOrEqual(budget.limit);
        expect(ledger.remaining).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("a kept crossing exceeds the budget by less than its own price", () => {
    fc.assert(
      fc.property(budgets, evaluations, (budget, list) => {
        const ledger = new BudgetLedger(budget);
        for (const { epochs, costMs } of list) {
          const crosses = ledger.admit(epochs, costMs) === "crosses";
          ledger.charge(epochs, costMs);
          if (!crosses) continue;
          expect(ledger.remaining).toBeLessThan(0);
          expect(ledger.remaining).toBeGreaterThanOrEqual(-price(budget.kind, epochs, costMs));
          return;
        }
      }),
    );
  });

  test("what is charged adds up, a repetition in full", () => {
    fc.assert(
      fc.property(budgets, evaluations, ({ ...budget }, list) => {
        const ledger = new BudgetLedger(budget);
        const twice = [...list, ...list];
        for (const { epochs, costMs } of twice) ledger.charge(epochs, costMs);
        expect(ledger.evaluations).toBe(twice.length);
        expect(ledger.spentMs).toBe(2 * list.reduce((sum, { costMs }) => sum + costMs, 0));
        expect(ledger.spent).toBe(
          2 * list.reduce((sum, { epochs, costMs }) => sum + price(budget.kind, epochs, costMs), 0),
        );
        expect(ledger.spent + ledger.remaining).toBe(budget.limit);
      }),
    );
  });

  test("spending exactly the limit fits, a single unit more does not", () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 99_999 }), (limit, before) => {
        const spent = Math.min(before, limit - 1);
        const time = new BudgetLedger({ kind: "simulated-ms", limit, crossing: "reject" });
        time.charge(12, spent);
        expect(time.admit(12, limit - spent)).toBe("fits");
        expect(time.admit(12, limit - spent + 1)).toBe("crosses");
        const epochs = new BudgetLedger({ kind: "epochs", limit, crossing: "reject" });
        epochs.charge(spent, 1);
        expect(epochs.admit(limit - spent, 1)).toBe("fits");
        expect(epochs.admit(limit - spent + 1, 1)).toBe("crosses");
      }),
    );
  });

  test("affords says beforehand what admit says then", () => {
    fc.assert(
      fc.property(budgets, evaluations, (budget, list) => {
        const ledger = new BudgetLedger(budget);
        for (const { epochs, costMs } of list) {
          const afforded = ledger.affords(epochs);
          const admission = ledger.admit(epochs, costMs);
          if (ledger.pricesAreKnown) expect(afforded).toBe(admission === "fits");
          // In time the price is not known beforehand: what is not afforded could only fit by costing nothing.
          else if (!afforded) expect(admission === "fits" && costMs > 0).toBe(false);
          if (admission === "crosses") return;
          ledger.charge(epochs, costMs);
        }
      }),
    );
  });

  test("asking changes nothing", () => {
    fc.assert(
      fc.property(budgets, evaluations, (budget, list) => {
        const [asked, silent] = [new BudgetLedger(budget), new BudgetLedger(budget)];
        for (const { epochs, costMs } of list) {
          asked.admit(epochs, costMs);
          asked.affords(epochs);
          asked.charge(epochs, costMs);
          silent.charge(epochs, costMs);
        }
        expect([asked.spent, asked.spentMs, asked.evaluations]).toEqual([
          silent.spent,
          silent.spentMs,
          silent.evaluations,
        ]);
      }),
    );
  });
});

test("a fresh ledger has spent nothing", () => {
  const ledger = new BudgetLedger({ kind: "evaluations", limit: 10, crossing: "reject" });
  expect([ledger.spent, ledger.spentMs, ledger.evaluations, ledger.remaining]).toEqual([0, 0, 0, 10]);
});

test("ten evaluations are ten", () => {
  const ledger = new BudgetLedger({ kind: "evaluations", limit: 10, crossing: "reject" });
  let count = 0;
  while (ledger.affords(12)) {
    ledger.charge(12, 150_000);
    count++;
  }
  expect(count).toBe(10);
  expect(ledger.admit(1, 0)).toBe("crosses");
});

test("time ends when nothing is left, not before", () => {
  const ledger = new BudgetLedger({ kind: "simulated-ms", limit: 1000, crossing: "reject" });
  ledger.charge(12, 999);
  expect([ledger.affords(12), ledger.pricesAreKnown]).toEqual([true, false]);
  ledger.charge(12, 1);
  expect(ledger.affords(12)).toBe(false);
});

test("large budgets are counted exactly", () => {
  const ledger = new BudgetLedger({ kind: "simulated-ms", limit: Number.MAX_SAFE_INTEGER, crossing: "reject" });
  ledger.charge(200, Number.MAX_SAFE_INTEGER - 1);
  expect(ledger.admit(200, 1)).toBe("fits");
  expect(ledger.admit(200, 2)).toBe("crosses");
});
