import { HookTable } from "../../core/plugins/hooks.ts";
import { resolveOptions } from "../../core/plugins/options.ts";
import { locateAlgorithm } from "../../core/plugins/plugin-location.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { findSearch, loadProtocol } from "../../core/protocols/protocol-file.ts";
import { makeRecord, type RecordHead } from "../../core/records/record.ts";
import { buildEvaluationTable, type EvaluationTable } from "../../core/runner/evaluation-table.ts";
import { planRuns } from "../../core/runner/plan.ts";
import { executeRun } from "../../core/runner/run.ts";
import { openSearchView } from "../../core/tables/search-view.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";

/** The protocols that ship with the harness, by the benchmark that a table must belong to to serve them. */
export const PROTOCOLS_OF: Readonly<Record<string, readonly string[]>> = {
  "nas-bench-201": ["nas-bench-201", "nas-bench-201-mean", "nats-bench"],
  "fashion-mnist-8x8": ["fashion-mnist-8x8"],
};

/** The methods that ask and tell: the reference methods, and the row that BOHB has besides. */
export const METHODS = ["rs", "rea", "reinforce", "bohb", "bohb-multi-fidelity"] as const;

/** A run that can be executed in this process. */
export interface PreparedRun {
  /** Protocol id. */
  readonly protocol: string;
  /** Method id. */
  readonly method: string;
  /** Executes the run and makes its record: the one that `run` stores, byte for byte. */
  readonly record: () => RunRecord;
}

/**
 * The first runs of every search of the table's protocols by each of {@link METHODS}, without a worker process: whatever can
 * run a script can run them, an emulator too. Nothing here may need Vitest.
 * @param tableFolder a table that serves all protocols of its benchmark
 * @param runs runs of each method and search
 * @returns runs in the order of protocols, methods, searches, run indices
 */
export async function prepareRuns(tableFolder: string, runs: number): Promise<PreparedRun[]> {
  const view = openSearchView(tableFolder);
  const { id, version, searchContentHash } = view.card;
  const hooks = new HookTable();
  const prepared: PreparedRun[] = [];
  for (const protocol of (PROTOCOLS_OF[view.card.benchmark] ?? []).map((name) => loadProtocol(name))) {
    const tables = new Map<string, EvaluationTable>(
      protocol.searches.map((search) => [search.id, buildEvaluationTable(view, search)]),
    );
    for (const method of METHODS) {
      const plugin = locateAlgorithm(method);
      const algorithm = await loadAlgorithm(plugin);
      const options = resolveOptions(plugin.manifest, protocol);
      const head: RecordHead = {
        protocol,
        table: { id, version, searchContentHash },
        method: { id: method, version: plugin.manifest.version },
        options,
      };
      for (const run of planRuns(protocol, [method], runs)) {
        const search = findSearch(protocol, run.search);
        const table = tables.get(run.search) as EvaluationTable;
        const name = { protocol: protocol.id, method, search: run.search, runIndex: run.runIndex };
        const record = () =>
          makeRecord(head, run, executeRun(algorithm, { run: name, seed: run.seed, search, table, options, hooks }));
        prepared.push({ protocol: protocol.id, method, record });
      }
    }
  }
  return prepared;
}
