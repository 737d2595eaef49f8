import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { PartialRecords, writeRecords } from "../../core/records/partial-records.ts";
import { formatRecord, makeRecord } from "../../core/records/record.ts";
import { eachRecord, readRecords, runKey } from "../../core/records/record-file.ts";
import type { StoredRun } from "../../core/records/stored-runs.ts";
import type { RunOutcome } from "../../core/runner/active-run.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { MADE_UP_TABLE } from "../statistics/method-results.ts";

const PROTOCOL = loadProtocol("nats-bench");
const HEAD = { protocol: PROTOCOL, table: MADE_UP_TABLE, method: { id: "made-up", version: "1.0.0" }, options: {} };
const FAILURE = { code: "NAS_ALGORITHM_THREW", what: "made-up threw in ask: größer 😀" } as const;

function recordOf(search: string, runIndex: number, outcome: Partial<RunOutcome> = {}): RunRecord {
  const run = { method: "made-up", search, runIndex, seed: "0".repeat(64) };
  const whole = { trace: [], answers: [], refusedBy: [], failure: null, ...outcome };
  return makeRecord(HEAD, run, whole);
}

const finishedFile = (folder: string) => path.join(folder, "records.jsonl");
const partialFile = (folder: string) => path.join(folder, "records.partial.jsonl");

/** Opens a folder's partial records and collects what is known, as a session does. */
function open(folder: string): { partial: PartialRecords; runs: Map<string, StoredRun> } {
  const runs = new Map<string, StoredRun>();
  return { partial: new PartialRecords(folder, (run) => runs.set(runKey(run), run)), runs };
}

/** A folder whose partial file holds these records, closed. */
function storeAll(records: readonly RunRecord[], folder = temporaryFolder()): { folder: string; runs: StoredRun[] } {
  const { partial } = open(folder);
  const runs = records.map((record) => partial.append(record));
  partial.close();
  return { folder, runs };
}

const RECORDS = [
  recordOf("imagenet16-120", 0),
  recordOf("cifar10", 10, { failure: FAILURE }),
  recordOf("cifar10", 9),
  recordOf("cifar100", 0, { trace: [[5, 12, 777, 900_000, 1500]], answers: [{ architecture: 5, weight: 1 }] }),
];

describe("the finished file", () => {
  test("has the records in the order of the plan, whatever order they were stored in", () => {
    const { folder, runs } = storeAll(RECORDS);
    writeRecords(folder, runs, PROTOCOL);
    const expected = [2, 1, 3, 0].map((at) => `${formatRecord(RECORDS[at] as RunRecord)}\n`);
    expect(readFileSync(finishedFile(folder), "utf8")).toBe(expected.join(""));
    expect(existsSync(partialFile(folder))).toBe(false);
  });

  test("takes the records of an earlier finished file and the later one of a run that ran again", () => {
    const { folder, runs } = storeAll(RECORDS);
    writeRecords(folder, runs, PROTOCOL);
    const again = recordOf("cifar10", 10, { trace: [[7, 12, null, 950_000, 10]] });
    const opened = open(folder);
    expect([...opened.runs.values()].map(({ hasFailed }) => hasFailed)).toEqual([false, true, false, false]);
    opened.runs.set(runKey(again), opened.partial.append(again));
    opened.partial.close();
    writeRecords(folder, opened.runs.values(), PROTOCOL);
    expect(readRecords(folder)).toEqual([RECORDS[2], again, RECORDS[3], RECORDS[0]]);
  });

  test("is canonical even if a stored line is not", () => {
    const { folder, runs } = storeAll(RECORDS);
    writeRecords(folder, runs, PROTOCOL);
    const canonical = readFileSync(finishedFile(folder), "utf8");
    writeFileSync(finishedFile(folder), canonical.replaceAll("\n", "\r\n").replaceAll('"runIndex":', '"runIndex": '));
    const opened = open(folder);
    opened.partial.close();
    writeRecords(folder, opened.runs.values(), PROTOCOL);
    expect(readFileSync(finishedFile(folder), "utf8")).toBe(canonical);
  });

  test.each([
    ["was replaced by another one", (text: string) => text.replace(/^.*\n/, ""), /partial\.jsonl:1$/, "was replaced"],
    ["was damaged", (text: string) => text.replace('"runIndex":9', '"runIndex":8'), /partial\.jsonl:3$/, "digest is"],
    ["was cut off", (text: string) => text.slice(0, -20), /partial\.jsonl:4$/, "not valid JSON"],
  ])("is not written if a record %s since it was checked", (_, change, where, what) => {
    // All of the same length, so that a record that is replaced is whole.
    const records = [0, 1, 9, 3].map((runIndex) => recordOf("cifar10", runIndex));
    const { folder, runs } = storeAll(records);
    writeFileSync(partialFile(folder), change(readFileSync(partialFile(folder), "utf8")));
    const error = harnessErrorOf(() => writeRecords(folder, runs, PROTOCOL));
    expect(error.code).toBe("NAS_RECORD_CORRUPT");
    expect(error.details.where).toMatch(where);
    expect(error.details.what).toContain(what);
    expect(existsSync(finishedFile(folder))).toBe(false);
    expect(existsSync(`${finishedFile(folder)}.${process.pid}.tmp`)).toBe(false);
  });
});

describe("the partial file", () => {
  test("goes on after the last whole line", () => {
    const { folder } = storeAll(RECORDS.slice(0, 2));
    appendFileSync(partialFile(folder), '{"answers":[{"größ');
    const { partial, runs } = open(folder);
    expect([...runs.keys()]).toEqual(["imagenet16-120/0", "cifar10/10"]);
    const added = partial.append(RECORDS[2] as RunRecord);
    partial.close();
    expect(added.place.number).toBe(3);
    const lines = RECORDS.slice(0, 3).map((record) => `${formatRecord(record)}\n`);
    expect(readFileSync(partialFile(folder), "utf8")).toBe(lines.join(""));
  });

  test("with a damaged line is refused, naming file and line", () => {
    const { folder } = storeAll(RECORDS);
    writeFileSync(partialFile(folder), readFileSync(partialFile(folder), "utf8").replace("größer", "grosser"));
    const error = harnessErrorOf(() => open(folder));
    expect(error.code).toBe("NAS_RECORD_CORRUPT");
    expect(error.details.where).toBe(`${partialFile(folder)}:2`);
  });
});

describe("reading a finished file", () => {
  test("that ends in the middle of a line names the line", () => {
    const { folder, runs } = storeAll(RECORDS);
    writeRecords(folder, runs, PROTOCOL);
    const text = readFileSync(finishedFile(folder), "utf8");
    for (const cut of [1, 30]) {
      writeFileSync(finishedFile(folder), text.slice(0, -cut));
      const error = harnessErrorOf(() => readRecords(folder));
      expect(error.code).toBe("NAS_RECORD_CORRUPT");
      expect(error.details.what).toContain("middle of a line");
      expect(error.details.where).toBe(`${finishedFile(folder)}:4`);
    }
  });

  test("gives each record as soon as its line is read", () => {
    const { folder, runs } = storeAll(RECORDS);
    writeRecords(folder, runs, PROTOCOL);
    writeFileSync(finishedFile(folder), `${readFileSync(finishedFile(folder), "utf8")}\n`);
    const records = eachRecord(folder);
    for (const at of [2, 1, 3, 0]) expect(records.next().value?.record).toEqual(RECORDS[at]);
    expect(harnessErrorOf(() => records.next()).details.where).toMatch(/records\.jsonl:5$/m);
  });

  test("that is not there says how to make it", () => {
    const error = harnessErrorOf(() => readRecords(temporaryFolder()));
    expect(error.code).toBe("NAS_FILE_NOT_FOUND");
    expect(error.details.next).toContain("nas-harness run");
  });
});
