import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { isConstrained } from "../costs/constraints.ts";
import { findCostTables } from "../costs/cost-location.ts";
import { readCostCard } from "../costs/cost-table.ts";
import { messageOf } from "../errors/harness-error.ts";
import {
  builtInMethods,
  builtInPlugins,
  type LocatedPlugin,
  locateAlgorithm,
  locatePlugin,
} from "../plugins/plugin-location.ts";
import { builtInProtocols, loadProtocol } from "../protocols/protocol-file.ts";
import { readCard } from "../tables/search-view.ts";
import { findTables } from "../tables/table-location.ts";
import { columns, print, printJson, remark } from "./terminal.ts";

interface Listing {
  readonly methods: readonly { name: string; version: string; title: string; description: string }[];
  readonly datasets: readonly { name: string; version: string; title: string; description: string }[];
  readonly protocols: readonly { id: string; version: string; title: string; constrained: boolean }[];
  readonly tables: readonly { folder: string; id: string; version: string; benchmark: string; title: string }[];
  readonly costs: readonly { folder: string; id: string; version: string; title: string }[];
}

function collect(): Listing {
  const entryOf = ({ manifest }: LocatedPlugin) => {
    const { name, version, title, description } = manifest;
    return { name, version, title, description };
  };
  const tables = findTables().flatMap((folder) => {
    try {
      const { id, version, benchmark, title } = readCard(folder);
      return [{ folder, id, version, benchmark, title }];
    } catch (error) {
      // One broken table must not hide the others.
      remark(`${folder}: ${messageOf(error)}`);
      return [];
    }
  });
  const costs = findCostTables().flatMap((folder) => {
    try {
      const { id, version, title } = readCostCard(folder);
      return [{ folder, id, version, title }];
    } catch (error) {
      remark(`${folder}: ${messageOf(error)}`);
      return [];
    }
  });
  const protocols = builtInProtocols().map((name) => {
    const protocol = loadProtocol(name);
    const { id, version, title } = protocol;
    return { id, version, title, constrained: isConstrained(protocol) };
  });
  return {
    methods: builtInMethods().map((name) => entryOf(locateAlgorithm(name))),
    datasets: builtInPlugins("dataset").map((name) => entryOf(locatePlugin("dataset", name))),
    protocols,
    tables,
    costs,
  };
}

function section(title: string, rows: readonly (readonly string[])[], none: string): string {
  const body = rows.length === 0 ? none : columns(rows);
  return `${title}\n${body.replaceAll(/^/gm, "  ")}`;
}

/** The action of `list` without a method. */
export function listAll(json: boolean): void {
  const listing = collect();
  if (json) {
    printJson(listing);
    return;
  }
  const plugins = (entries: Listing["methods"]) =>
    entries.map((entry) => [entry.name, entry.version, entry.description]);
  print(
    [
      section("methods (nas-harness list <method> shows options)", plugins(listing.methods), "none"),
      section("datasets", plugins(listing.datasets), "none built in"),
      section(
        "protocols",
        listing.protocols.map((entry) => [
          entry.id,
          entry.version,
          `${entry.title}${entry.constrained ? " (constrained)" : ""}`,
        ]),
        "none",
      ),
      section(
        "tables",
        listing.tables.map((entry) => [entry.id, entry.version, entry.folder, entry.title]),
        "none found; make one: nas-harness table import --help",
      ),
      // Few need them: no line where there are none.
      ...(listing.costs.length === 0
        ? []
        : [
            section(
              "hardware costs",
              listing.costs.map((entry) => [entry.id, entry.version, entry.folder, entry.title]),
              "",
            ),
          ]),
    ].join("\n\n"),
  );
}

interface OptionSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
}

function optionRows(manifest: AlgorithmManifest): string[][] {
  const properties = (manifest.options as { properties?: Record<string, OptionSchema> }).properties ?? {};
  return Object.entries(properties).map(([name, option]) => [
    name,
    JSON.stringify(option.default),
    option.enum === undefined ? [option.type ?? ""].flat().join("|") : option.enum.map(String).join("|"),
    option.description ?? "",
  ]);
}

/** The action of `list <method>`: its manifest in readable form. @throws NAS_PLUGIN_NOT_FOUND, NAS_PLUGIN_MANIFEST */
export function listMethod(nameOrPath: string, json: boolean): void {
  const { manifest, folder, origin } = locateAlgorithm(nameOrPath);
  if (json) {
    printJson({ ...manifest, folder, origin });
    return;
  }
  const { paper, settings = {}, variants = [] } = manifest;
  const options = optionRows(manifest);
  const lines = [
    `${manifest.name} ${manifest.version} (${origin}): ${manifest.title}`,
    manifest.description,
    ...(paper === undefined ? [] : [`paper: ${paper.authors}, ${paper.title}, ${paper.year}`]),
    `folder: ${folder}`,
    "",
    options.length === 0 ? "no options" : columns([["option", "default", "type", "meaning"], ...options]),
    ...Object.entries(settings).map(([protocol, values]) => `under ${protocol}: ${JSON.stringify(values)}`),
    ...variants.map((variant) => `variant ${variant.name}: ${JSON.stringify(variant.options)}`),
  ];
  print(lines.join("\n"));
}
