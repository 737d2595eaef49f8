import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { builtInProtocols, findSearch, loadProtocol } from "../../core/protocols/protocol-file.ts";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** A file with a copy of nas-bench-201 (one search) or nats-bench (three) that was changed. */
function changed(id: string, change: (protocol: Protocol, first: ProtocolSearch) => void): string {
  const protocol = structuredClone(loadProtocol(id));
  change(protocol, protocol.searches[0] as ProtocolSearch);
  const file = path.join(temporaryFolder(), "changed.json");
  writeFileSync(file, JSON.stringify(protocol));
  return file;
}

describe("built-in protocols", () => {
  test("are the files of protocols/, each named by its id", () => {
    const files = readdirSync(path.join(REPOSITORY, "protocols")).filter((file) => file.endsWith(".json"));
    expect(builtInProtocols()).toEqual(files.map((file) => path.parse(file).name).sort());
    expect(builtInProtocols()).toEqual(expect.arrayContaining(["nas-bench-201", "nas-bench-201-mean", "nats-bench"]));
    for (const id of builtInProtocols()) expect(loadProtocol(id).id).toBe(id);
  });

  test("borrow settings only from one another", () => {
    const named = builtInProtocols().flatMap((id) => loadProtocol(id).settingsOf ?? []);
    expect(named.length).toBeGreaterThan(0);
    for (const id of named) expect(builtInProtocols()).toContain(id);
  });

  test("load by path too", () => {
    const file = path.join(REPOSITORY, "protocols/nats-bench.json");
    expect(loadProtocol(file)).toEqual(loadProtocol("nats-bench"));
    expect(loadProtocol(path.relative(process.cwd(), file))).toEqual(loadProtocol("nats-bench"));
  });

  // The papers' budgets: NAS-Bench-201 (ICLR 2020), section 5; NATS-Bench (TPAMI 2021), section 4.
  test.each<[string, string, ProtocolSearch["budget"], ProtocolSearch["trials"], number]>([
    ["nas-bench-201", "cifar10", { kind: "simulated-ms", limit: 12_000_000, crossing: "reject" }, "random", 6],
    ["nas-bench-201-mean", "cifar10", { kind: "simulated-ms", limit: 12_000_000, crossing: "reject" }, "mean", 6],
    [
      "nats-bench",
      "cifar10",
      { kind: "simulated-ms", limit: 20_000_000, crossing: "keep-and-interpolate" },
      "random",
      2,
    ],
    [
      "nats-bench",
      "cifar100",
      { kind: "simulated-ms", limit: 40_000_000, crossing: "keep-and-interpolate" },
      "random",
      2,
    ],
    [
      "nats-bench",
      "imagenet16-120",
      { kind: "simulated-ms", limit: 120_000_000, crossing: "keep-and-interpolate" },
      "random",
      2,
    ],
  ])("%s searches %s with its published budget", (id, searchId, budget, trials, columns) => {
    const search = findSearch(loadProtocol(id), searchId);
    expect(search.budget).toEqual(budget);
    expect(search).toMatchObject({ split: "valid", trials });
    expect(search.report).toHaveLength(columns);
    for (const { epoch } of search.report) expect(epoch).toBe(200);
  });

  test("run each method 500 times and limit no supernet", () => {
    for (const id of ["nas-bench-201", "nas-bench-201-mean", "nats-bench"]) {
      expect(loadProtocol(id)).toMatchObject({ runs: 500, trainingBudget: null, table: "nas-bench-201" });
    }
  });
});

describe("what can't be loaded", () => {
  test("an unknown id names those that exist", () => {
    const error = harnessErrorOf(() => loadProtocol("nas-bench-301"));
    expect(error.code).toBe("NAS_PROTOCOL_NOT_FOUND");
    expect(error.details.what).toContain("nas-bench-301");
    for (const id of builtInProtocols()) expect(error.details.allowed).toContain(id);
  });

  test.each(["missing.json", "./missing", "folder/missing.json"])("a path that leads nowhere: %s", (file) => {
    const error = harnessErrorOf(() => loadProtocol(file));
    expect(error.code).toBe("NAS_PROTOCOL_NOT_FOUND");
    expect(error.details.where).toBe(file);
  });

  test("a file that is no JSON, or no protocol", () => {
    const file = path.join(temporaryFolder(), "p.json");
    writeFileSync(file, "{ id: 1 }");
    expect(harnessErrorOf(() => loadProtocol(file)).code).toBe("NAS_JSON");
    writeFileSync(file, "{}");
    expect(harnessErrorOf(() => loadProtocol(file)).code).toBe("NAS_SCHEMA");
  });
});

describe("contradictions", () => {
  test.each<[string, string, (protocol: Protocol, first: ProtocolSearch) => void, string]>([
    [
      "two searches of one name",
      "nats-bench",
      ({ searches }, first) => {
        (searches[2] as ProtocolSearch).id = first.id;
      },
      "two searches are named cifar10",
    ],
    [
      "an answer at epochs that are not offered",
      "nas-bench-201",
      (_, first) => {
        first.answerEpochs = 200;
      },
      "search cifar10: answerEpochs 200 is not among its fidelities",
    ],
    [
      "interpolation without time",
      "nats-bench",
      (_, first) => {
        first.budget.kind = "evaluations";
      },
      "search cifar10: keep-and-interpolate needs a budget in simulated-ms, not evaluations",
    ],
    [
      "a budget below the cheapest fidelity",
      "nas-bench-201",
      (_, first) => {
        first.budget = { kind: "epochs", limit: 11, crossing: "reject" };
      },
      "search cifar10: the budget's limit of 11 epochs affords none of its fidelities",
    ],
    [
      "a column twice",
      "nas-bench-201",
      (_, first) => {
        first.report = [...first.report, ...first.report.slice(0, 1)];
      },
      "search cifar10: column cifar10.valid is reported twice",
    ],
    [
      "a column that is named after another split",
      "nas-bench-201",
      (_, first) => {
        (first.report[1] as { split: string }).split = "valid";
      },
      "search cifar10: column cifar10.test reports the valid split",
    ],
  ])("%s", (_, id, change, fault) => {
    const file = changed(id, change);
    const error = harnessErrorOf(() => loadProtocol(file));
    expect(error.code).toBe("NAS_PROTOCOL_INVALID");
    expect(error.details.where).toBe(`${file}\n- ${fault}`);
  });

  test("are told all at once", () => {
    const file = changed("nats-bench", ({ searches }, first) => {
      (searches[1] as ProtocolSearch).id = first.id;
      for (const search of searches) search.answerEpochs = 200;
      first.report = [...first.report, ...first.report];
    });
    expect(harnessErrorOf(() => loadProtocol(file)).details.where?.split("\n")).toHaveLength(1 + 1 + 3 + 2);
  });

  test("a budget of exactly the cheapest fidelity is none", () => {
    const file = changed("nas-bench-201", (_, first) => {
      first.budget = { kind: "epochs", limit: 12, crossing: "reject" };
    });
    expect(loadProtocol(file).searches[0]?.budget.limit).toBe(12);
  });
});

test("a search is found by its id, or the ids that exist are named", () => {
  const protocol = loadProtocol("nats-bench");
  expect(findSearch(protocol, "cifar100").dataset).toBe("cifar100");
  const error = harnessErrorOf(() => findSearch(protocol, "svhn"));
  expect(error.code).toBe("NAS_USAGE");
  expect(error.details.allowed).toBe("cifar10, cifar100, imagenet16-120");
});
