import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { isolationOf } from "../isolation/isolation-mode.ts";
import { resolveOptions } from "../plugins/options.ts";
import { locateAlgorithm } from "../plugins/plugin-location.ts";
import { loadProtocol } from "../protocols/protocol-file.ts";
import { reveal } from "../records/reveal.ts";
import {
  type MethodToRun,
  openTableForProtocol,
  recordTable,
  runSession,
  type SessionResult,
} from "../records/session.ts";
import { type SessionMode, withSessionAdvice } from "../records/session-advice.ts";
import { parseShard } from "../runner/plan.ts";
import { summarizeMethod } from "../statistics/summary.ts";
import { writeSummary } from "../statistics/summary-file.ts";
import type { SearchView } from "../tables/search-view.ts";
import type { RunFlags } from "./commands/run.ts";
import { INTERRUPTED, interruptible } from "./interruption.ts";
import { parsePositive } from "./number-flags.ts";
import { formatDuration, Progress } from "./progress.ts";
import { summaryTable } from "./summary-table.ts";
import { print, printJson, remark } from "./terminal.ts";

const PLUGIN_CONTRACT_BROKEN = 3;

/** `method.name=value` flags by method; values are JSON where they parse, text otherwise. @throws NAS_USAGE */
function optionsByMethod(flags: readonly string[], methods: readonly string[]): Map<string, Record<string, unknown>> {
  const byMethod = new Map<string, Record<string, unknown>>();
  for (const flag of flags) {
    const match = /^([a-z0-9-]+)\.([A-Za-z0-9_]+)=(.*)$/s.exec(flag);
    const [, method = "", name = "", text = ""] = match ?? [];
    if (match === null || !methods.includes(method)) {
      throw new HarnessError("NAS_USAGE", {
        what: match === null ? `"${flag}" is no option of a method` : `option for "${method}", which is not run`,
        where: "--option",
        allowed: `<method>.<name>=<value> with one of the methods ${methods.join(", ")}`,
        next: "nas-harness list <method> shows a method's options",
      });
    }
    let value: unknown = text;
    try {
      value = JSON.parse(text);
    } catch {
      // A text such as edge-uniform needs no quotes.
    }
    byMethod.set(method, { ...byMethod.get(method), [name]: value });
  }
  return byMethod;
}

function locateMethods(names: readonly string[], protocol: Protocol, flags: RunFlags): MethodToRun[] {
  const plugins = names.map((name) => locateAlgorithm(name));
  const ids = plugins.map(({ manifest }) => manifest.name);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) {
    throw new HarnessError("NAS_USAGE", { what: `method ${twice} is given twice`, next: "name each method once" });
  }
  for (const { manifest } of plugins.filter(({ manifest }) => (manifest.needs ?? []).length > 0)) {
    throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
      what: `${manifest.name} needs ${manifest.needs?.join(", ")}, which this version can't give`,
      next: "run methods that only ask and tell",
    });
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

/** Reveals and summarises finished folders; one summary with the rows of all. */
export async function summarizeFolders(
  folders: readonly string[],
  protocol: Protocol,
  table: SearchView,
): Promise<RunSummary> {
  await reveal({ protocol, tableFolder: table.folder, folders });
  const summaries = folders.map((folder) => {
    const summary = summarizeMethod(folder, protocol, recordTable(table));
    writeSummary(folder, summary);
    return summary;
  });
  const [first] = summaries;
  if (first === undefined) throw new RangeError("no folders to summarise");
  return { ...first, rows: summaries.flatMap((summary) => summary.rows) };
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
  const mode: SessionMode = flags.resume ? "resume" : flags.overwrite ? "overwrite" : "new";
  const table = openTableForProtocol(protocol, flags.table);
  const { card } = table;
  remark(`protocol ${protocol.id} ${protocol.version}, table ${card.id} ${card.version} (${table.folder})`);

  const progress = new Progress("runs", "runs");
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
    });
  } finally {
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
