import { HookTable } from "../../core/plugins/hooks.ts";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { runSeed } from "../../core/random/seed.ts";
import type { RunInputs } from "../../core/runner/active-run.ts";
import { buildEvaluationTable, type EvaluationTable } from "../../core/runner/evaluation-table.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import type { Budget, Protocol } from "../../schemas/generated/protocol.ts";

const tables = new Map<string, EvaluationTable>();

/** A protocol with another budget on its first search. */
export function withBudget(protocol: Protocol, budget: Budget): Protocol {
  const changed = structuredClone(protocol);
  const [search] = changed.searches;
  if (search !== undefined) search.budget = budget;
  return changed;
}

/** Everything that `executeRun` needs for run `runIndex` of method `method` on a protocol's first search. */
export function runInputs(
  tableFolder: string,
  protocol: Protocol = loadProtocol("nas-bench-201"),
  method = "made-up",
  runIndex = 0,
): RunInputs {
  const [search] = protocol.searches;
  if (search === undefined) throw new Error("a protocol without a search");
  const key = JSON.stringify([
    tableFolder,
    search.dataset,
    search.recipe,
    search.trials,
    search.fidelities,
    search.cost,
  ]);
  const table = tables.get(key) ?? buildEvaluationTable(openSearchView(tableFolder), search);
  tables.set(key, table);
  return {
    run: { protocol: protocol.id, search: search.id, method, runIndex },
    seed: runSeed({ masterSeed: protocol.masterSeed, protocol: protocol.id, search: search.id, method, runIndex }),
    search,
    table,
    options: Object.freeze({}),
    hooks: new HookTable(),
  };
}
