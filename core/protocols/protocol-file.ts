import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import { protocol as validator } from "../../schemas/generated/validators.cjs";
import { HarnessError } from "../errors/harness-error.ts";
import { readDocument } from "../files/json-file.ts";

const BUILT_IN_FOLDER = path.join(import.meta.dirname, "../../protocols");

/** Ids of the protocols that ship with the harness, in alphabetical order. */
export function builtInProtocols(): string[] {
  const files = readdirSync(BUILT_IN_FOLDER).filter((file) => file.endsWith(".json"));
  return files.map((file) => file.slice(0, -".json".length)).sort();
}

/**
 * Loads a protocol by the id of a built-in one or by the path of a JSON file.
 * @throws NAS_PROTOCOL_NOT_FOUND, NAS_JSON, NAS_SCHEMA, NAS_PROTOCOL_INVALID
 */
export function loadProtocol(idOrPath: string): Protocol {
  const isPath = idOrPath.endsWith(".json") || idOrPath.includes("/") || idOrPath.includes("\\");
  const file = isPath ? idOrPath : path.join(BUILT_IN_FOLDER, `${idOrPath}.json`);
  if (!existsSync(file)) {
    throw new HarnessError("NAS_PROTOCOL_NOT_FOUND", {
      what: isPath ? "there is no such protocol file" : `there is no protocol "${idOrPath}"`,
      where: isPath ? file : "--protocol",
      allowed: `${builtInProtocols().join(", ")}, or the path of a .json file`,
      next: "nas-harness list shows every protocol",
    });
  }
  const protocol = readDocument<Protocol>(file, validator);
  const faults = contradictions(protocol);
  if (faults.length > 0) {
    throw new HarnessError("NAS_PROTOCOL_INVALID", {
      what: `protocol ${protocol.id} contradicts itself`,
      where: [file, ...faults.map((fault) => `- ${fault}`)].join("\n"),
      next: "correct the file; docs/architecture.md explains each field",
    });
  }
  return protocol;
}

function contradictions(protocol: Protocol): string[] {
  const faults: string[] = [];
  const ids = protocol.searches.map((search) => search.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push(`two searches are named ${id}`);
  if (protocol.settingsOf === protocol.id) faults.push("settingsOf names the protocol itself");
  for (const search of protocol.searches) {
    const { budget, answerEpochs } = search;
    if (answerEpochs !== "any" && !search.fidelities.includes(answerEpochs)) {
      faults.push(`search ${search.id}: answerEpochs ${answerEpochs} is not among its fidelities`);
    }
    if (budget.crossing === "keep-and-interpolate" && budget.kind !== "simulated-ms") {
      faults.push(`search ${search.id}: keep-and-interpolate needs a budget in simulated-ms, not ${budget.kind}`);
    }
    const cheapest = Math.min(...search.fidelities);
    if (budget.kind === "epochs" && budget.limit < cheapest) {
      faults.push(`search ${search.id}: the budget's limit of ${budget.limit} epochs affords none of its fidelities`);
    }
    const limited = (search.constraints ?? []).map(({ costs, column, dataset }) =>
      [costs, column, ...(dataset === undefined ? [] : [dataset])].join(" "),
    );
    for (const name of new Set(limited.filter((name, at) => limited.indexOf(name) !== at))) {
      faults.push(`search ${search.id}: two of its constraints are on ${name}`);
    }
    const columns = search.report.map((column) => column.column);
    for (const name of new Set(columns.filter((name, at) => columns.indexOf(name) !== at))) {
      faults.push(`search ${search.id}: column ${name} is reported twice`);
    }
    for (const { column, split } of search.report) {
      if (!column.endsWith(`.${split}`))
        faults.push(`search ${search.id}: column ${column} reports the ${split} split`);
    }
  }
  return faults;
}

/** A protocol's search by id. @throws NAS_USAGE */
export function findSearch(protocol: Protocol, id: string): ProtocolSearch {
  const search = protocol.searches.find((entry) => entry.id === id);
  if (search !== undefined) return search;
  throw new HarnessError("NAS_USAGE", {
    what: `protocol ${protocol.id} has no search "${id}"`,
    allowed: protocol.searches.map((entry) => entry.id).join(", "),
    next: "name one of these",
  });
}
