import { existsSync } from "node:fs";
import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { protocolOfDataset } from "../plugins/dataset-protocol.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { builtInProtocols, loadProtocol } from "../protocols/protocol-file.ts";
import { readCard } from "../tables/search-view.ts";

/** A table or protocol that a dataset's manifest names: what it is, or why it can't be used. */
export interface NamedPart {
  /** Folder of the table, or id or file of the protocol. */
  readonly place: string;
  readonly id: string | null;
  readonly version: string | null;
  /** One line for people. */
  readonly title: string | null;
  /** Null where all is well. */
  readonly problem: string | null;
}

/** What a dataset brings besides images; null where its manifest names none. */
export interface DatasetBenchmark {
  readonly table: NamedPart | null;
  readonly protocol: NamedPart | null;
}

function partAt(place: string, read: () => { id: string; version: string; title: string }): NamedPart {
  const nothing = { place, id: null, version: null, title: null };
  if (!existsSync(place) && !builtInProtocols().includes(place)) return { ...nothing, problem: "it is not there" };
  try {
    const { id, version, title } = read();
    return { place, id, version, title, problem: null };
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return { ...nothing, problem: `${error.code}: ${error.details.what}` };
  }
}

/** Reads the table's card and the protocol that a manifest names. What is missing or broken is told, not thrown. */
export function benchmarkOf(plugin: LocatedPlugin<DatasetManifest>): DatasetBenchmark {
  const { table } = plugin.manifest;
  const tableFolder = table === undefined ? null : path.join(plugin.folder, table);
  const protocolPlace = protocolOfDataset(plugin);
  return {
    table: tableFolder === null ? null : partAt(tableFolder, () => readCard(tableFolder)),
    protocol: protocolPlace === null ? null : partAt(protocolPlace, () => loadProtocol(protocolPlace)),
  };
}

/** The parts as lines of text; none where the manifest names none. */
export function benchmarkLines({ table, protocol }: DatasetBenchmark): string[] {
  const line = (name: string, part: NamedPart | null) => {
    if (part === null) return [];
    const { place, id, version, title, problem } = part;
    return [`${name}: ${problem === null ? `${id} ${version} (${place}): ${title}` : `${place}: ${problem}`}`];
  };
  return [...line("table", table), ...line("protocol", protocol)];
}
