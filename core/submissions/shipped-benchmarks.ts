import { existsSync } from "node:fs";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import { isConstrained } from "../costs/constraints.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { protocolOfDataset } from "../plugins/dataset-protocol.ts";
import { locateDataset } from "../plugins/dataset-splits.ts";
import { builtInPlugins, type LocatedPlugin } from "../plugins/plugin-location.ts";
import { loadProtocol } from "../protocols/protocol-file.ts";
import { protocolSha256 } from "../records/session-inputs.ts";
import { CARD_NAME } from "../tables/search-view.ts";
import { findSubmissions, isDatasetSubmission } from "./submission-file.ts";
import { PLUGIN_FOLDER } from "./submission-folder.ts";

/** A protocol whose table everybody has: with the harness, or as a dataset that was handed in. */
export interface ShippedBenchmark {
  readonly protocol: Protocol;
  readonly tableFolder: string;
}

/** The benchmark of a dataset plugin, or null if its protocol or its table is not there. @throws NAS_JSON, NAS_SCHEMA, NAS_PROTOCOL_INVALID */
export function benchmarkOf(plugin: LocatedPlugin<DatasetManifest>): ShippedBenchmark | null {
  const { table } = plugin.manifest;
  const protocol = protocolOfDataset(plugin);
  if (protocol === null || table === undefined) return null;
  const tableFolder = path.join(plugin.folder, table);
  if (!existsSync(path.join(tableFolder, CARD_NAME))) return null;
  return { protocol: loadProtocol(protocol), tableFolder };
}

/**
 * Every benchmark under which submissions can be made.
 * @param root folder of submissions: the datasets in it count
 */
export function shippedBenchmarks(root: string): ShippedBenchmark[] {
  const submitted = findSubmissions(root)
    .filter(isDatasetSubmission)
    .map(({ folder }) => locateDataset(path.resolve(folder, PLUGIN_FOLDER)));
  const plugins = [...builtInPlugins("dataset").map((name) => locateDataset(name)), ...submitted];
  return plugins.flatMap((plugin) => benchmarkOf(plugin) ?? []);
}

/**
 * The shipped benchmark of a protocol.
 * @param idOrPath a protocol's id, or the path of its file
 * @throws NAS_SUBMISSION if its table does not ship; what `loadProtocol` throws for a file
 */
export function requireShipped(idOrPath: string, root: string): ShippedBenchmark {
  const benchmarks = shippedBenchmarks(root);
  const isPath = idOrPath.endsWith(".json") || idOrPath.includes("/") || idOrPath.includes("\\");
  const hash = isPath ? protocolSha256(loadProtocol(idOrPath)) : null;
  // The last one: of versions of a dataset, the newest.
  const found = benchmarks.findLast(({ protocol }) =>
    hash === null ? protocol.id === idOrPath : protocolSha256(protocol) === hash,
  );
  if (found !== undefined && !isConstrained(found.protocol)) return found;
  if (found !== undefined) {
    throw new HarnessError("NAS_SUBMISSION", {
      what: `protocol ${found.protocol.id} has constraints, and no cost table comes with nas-harness, so nobody else could verify runs under it`,
      where: "--protocol",
      next: "use a protocol without constraints; nas-harness run and leaderboard show the row on your machine",
    });
  }
  const names = [...new Set(benchmarks.map(({ protocol }) => protocol.id))];
  throw new HarnessError("NAS_SUBMISSION", {
    what: `the table of protocol ${idOrPath} does not come with nas-harness, so nobody else could verify runs on it`,
    where: "--protocol",
    allowed:
      names.length === 0
        ? "a protocol whose dataset plugin brings its table; none is here"
        : `${names.join(", ")}: protocols whose dataset plugin brings its table`,
    next: "use one of these; for your own table, nas-harness run and leaderboard show the row on your machine",
  });
}
