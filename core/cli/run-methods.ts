import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { limitText, openConstraints } from "../costs/constraints.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { isolationOf } from "../isolation/isolation-mode.ts";
import { resolveOptions } from "../plugins/options.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { loadProtocol } from "../protocols/protocol-file.ts";
import { type MethodToRun, openTableForProtocol, runSession, type SessionResult } from "../records/session.ts";
import { type SessionMode, withSessionAdvice } from "../records/session-advice.ts";
import { parseShard } from "../runner/plan.ts";
import { ARCHITECTURE_COUNT } from "../space/operations.ts";
import { summarizeFolders } from "../statistics/summarized-folders.ts";
import { tableOfProtocol } from "../tables/table-location.ts";
import type { RunFlags } from "./commands/run.ts";
import { EpochLine, EpochLog } from "./epoch-log.ts";
import { idleFlagsRemark } from "./idle-flags.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { optionsByMethod } from "./method-options.ts";
import { parsePositive } from "./number-flags.ts";
import { formatDuration, Progress } from "./progress.ts";
import { summaryTable } from "./summary-table.ts";
import { print, printJson, remark } from "./terminal.ts";
import { parseBackend } from "./train-flags.ts";

const PLUGIN_CONTRACT_BROKEN = 3;

function locateMethods(names: readonly string[], protocol: Protocol, flags: RunFlags): MethodToRun[] {
  const plugins = names.map((name) => locateAlgorithm(name));
  const ids = plugins.map(({ manifest }) => manifest.name);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) {
    throw new HarnessError("NAS_USAGE", { what: `method ${twice} is given twice`, next: "name each method once" });
  }
  const userOptions = optionsByMethod(flags.option ?? [], ids);
  const memoryLimitMb = parsePositive(flags.memoryLimit, "--memory-limit", 1_048_576);
  return plugins.map((plugin) => {
    const options = resolveOptions(plugin.manifest, protocol, userOptions.get(plugin.manifest.name));
    const { guest, remark: lack } = isolationOf(plugin, flags.isolation, memoryLimitMb);
    if (lack !== null) remark(lack);
    return { plugin, options, guest };
  });
}

/** What a protocol's constraints allow, a line a search. @throws what `openConstraints` throws */
function constraintLines(protocol: Protocol): string[] {
  const { bySearch, tables } = openConstraints(protocol);
  const places = tables.map(({ folder, card }) => `costs ${card.id} ${card.version} (${folder})`);
  const limits = [...bySearch].map(([search, { recorded, count }]) => {
    const all = recorded.map(limitText).join("; ");
    return `search ${search} is constrained: ${all}; ${count} of ${ARCHITECTURE_COUNT} architectures are allowed`;
  });
  return [...places, ...limits];
}

/** Prints a summary and the failures in it; returns the exit code. */
export function presentSummary(summary: RunSummary, json: boolean): number {
  if (json) printJson(summary);
  else print(summaryTable(summary));
  const failed = summary.rows.filter((row) => row.failedRuns > 0);
  for (const row of failed) {
    for (const { code, runs, what } of row.failures ?? [])
      remark(`${code}: ${row.method}: ${runs} runs failed; the first: ${what}`);
  }
  return failed.length > 0 ? PLUGIN_CONTRACT_BROKEN : 0;
}

function reportUnfinished(result: SessionResult, flags: RunFlags): number {
  if (result.interrupted) {
    remark(`interrupted: ${result.done} of ${result.total} runs are kept in ${flags.output}; go on with --resume`);
    return INTERRUPTED;
  }
  remark(
    `shard ${flags.shard}: ${result.done} of ${result.total} runs are in ${flags.output}; next: nas-harness merge --help`,
  );
  return 0;
}

/** The action of `run`; returns the exit code. */
export async function runMethods(names: readonly string[], flags: RunFlags): Promise<number> {
  const protocol = loadProtocol(flags.protocol);
  const runs = flags.runs === undefined ? protocol.runs : parsePositive(flags.runs, "--runs", protocol.runs);
  const shard = flags.shard === undefined ? null : parseShard(flags.shard);
  const jobs = parsePositive(flags.jobs, "--jobs", 1024);
  const runLimitSeconds = parsePositive(flags.runLimit, "--run-limit", 10_000_000);
  const methods = locateMethods(names, protocol, flags);
  const idleFlags = idleFlagsRemark(
    methods.map(({ plugin }) => plugin.manifest),
    flags,
  );
  if (idleFlags !== null) remark(idleFlags);
  const mode: SessionMode = flags.resume ? "resume" : flags.overwrite ? "overwrite" : "new";
  const table = openTableForProtocol(protocol, flags.table, tableOfProtocol(flags.protocol));
  const { card } = table;
  remark(`protocol ${protocol.id} ${protocol.version}, table ${card.id} ${card.version} (${table.folder})`);
  for (const line of constraintLines(protocol)) remark(line);

  const progress = new Progress("runs", "runs");
  const log = flags.log === undefined ? null : new EpochLog(flags.log);
  const line = new EpochLine();
  const { signal, restore } = interruptible();
  const start = performance.now();
  let result: SessionResult;
  try {
    result = await runSession({
      protocol,
      methods,
      output: flags.output,
      table,
      runs,
      jobs,
      runLimitSeconds,
      shard,
      extensions: flags.extension ?? [],
      mode,
      signal,
      onProgress: (done, total) => progress.update(done, total),
      onOutput: (text) => process.stderr.write(text),
      onEpoch: (message) => {
        log?.add(message);
        progress.note(line.text(message, performance.now()));
      },
      training: {
        dataFolder: flags.from ?? null,
        isolation: flags.isolation,
        memoryLimitMb: parsePositive(flags.memoryLimit, "--memory-limit", 1_048_576),
        backend: parseBackend({ backend: flags.backend }),
      },
    });
  } finally {
    log?.close();
    progress.finish();
    restore();
  }
  if (result.interrupted || shard !== null) return reportUnfinished(result, flags);
  const summary = await summarizeFolders(result.folders, protocol, table).catch((error: unknown) => {
    throw withSessionAdvice(error, mode);
  });
  remark(`${result.total} runs in ${formatDuration((performance.now() - start) / 1000)}; results in ${flags.output}`);
  return presentSummary(summary, flags.json === true);
}
