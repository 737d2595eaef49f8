import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, inject, test } from "vitest";
import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import { mergeResults } from "../../core/records/merge.ts";
import { parseRecord } from "../../core/records/record.ts";
import { readRecords } from "../../core/records/record-file.ts";
import { readRevealed, reveal } from "../../core/records/reveal.ts";
import { resultFile, runTestSession } from "../helpers/session.ts";
import { sharedTemporaryFolder, temporaryFolder } from "../helpers/temporary-folder.ts";

const tableFolder = inject("generatedTable");
const whole = sharedTemporaryFolder();
const reference = runTestSession(whole, { tableFolder });
const records = (output: string, method = "rs") => readFileSync(resultFile(output, method, "records.jsonl"), "utf8");
const partialOf = (output: string, method = "rs") => resultFile(output, method, "records.partial.jsonl");

/** Takes the finished file back to a partial one with the given number of lines. */
function unfinish(output: string, method: string, lines: number): void {
  const text = records(output, method).split("\n").slice(0, lines);
  writeFileSync(partialOf(output, method), `${text.join("\n")}\n`);
  truncateSync(resultFile(output, method, "records.jsonl"));
  writeFileSync(resultFile(output, method, "records.jsonl"), "");
}

describe("a session", () => {
  test("stores a record of each run in order, each with its own digest", async () => {
    await reference;
    const lines = records(whole).trimEnd().split("\n");
    expect(lines).toHaveLength(12);
    const parsed = lines.map((line, at) => parseRecord(line, `line ${at + 1}`));
    expect(parsed.map(({ runIndex }) => runIndex)).toEqual([...Array(12).keys()]);
    expect(new Set(parsed.map(({ digest }) => digest)).size).toBe(12);
    expect(parsed.every(({ failure }) => failure === null)).toBe(true);
    expect(readdirSync(path.join(whole, "nas-bench-201/rs")).sort()).toEqual([
      "measured.jsonl",
      "records.jsonl",
      "run.json",
    ]);
  });

  test("holds no test value: nothing of the test view is in a record's fields", async () => {
    await reference;
    const [first] = readRecords(path.join(whole, "nas-bench-201/rs"));
    expect(Object.keys(first ?? {}).sort()).toEqual([
      "answers",
      "digest",
      "failure",
      "format",
      "method",
      "options",
      "protocol",
      "refusedBy",
      "runIndex",
      "search",
      "seed",
      "table",
      "trace",
    ]);
  });

  test("gives the same bytes with two processes", async () => {
    await reference;
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, jobs: 2 });
    for (const method of ["rs", "rea"]) expect(records(output, method)).toBe(records(whole, method));
  });

  test("gives the same bytes with methods in another order and company", async () => {
    await reference;
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, methods: ["bohb", "rea", "rs"], jobs: 2 });
    for (const method of ["rs", "rea"]) expect(records(output, method)).toBe(records(whole, method));
  });

  test("refuses a folder with results, unless told to resume or overwrite", async () => {
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, methods: ["rs"], runs: 2 });
    const before = records(output);
    await expect(runTestSession(output, { tableFolder, methods: ["rs"], runs: 2 })).rejects.toMatchObject({
      code: "NAS_OUTPUT_EXISTS",
    });
    expect(records(output)).toBe(before);
    const result = await runTestSession(output, { tableFolder, methods: ["rs"], runs: 2, mode: "resume" });
    expect(result).toMatchObject({ done: 2, total: 2, interrupted: false });
    await runTestSession(output, { tableFolder, methods: ["rs"], runs: 3, mode: "overwrite" });
    expect(readRecords(path.join(output, "nas-bench-201/rs"))).toHaveLength(3);
  });

  test("refuses to resume what was made from other inputs, naming them", async () => {
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, methods: ["rs"], runs: 2 });
    const failure = runTestSession(output, { tableFolder, methods: ["rs"], runs: 3, mode: "resume" });
    await expect(failure).rejects.toMatchObject({ code: "NAS_RESUME_MISMATCH" });
    await failure.catch((error) => expect(error.details.where).toContain("- runs: stored 2, now 3"));
  });
});

describe("a session that was cut off", () => {
  test.each([0, 1, 7, 11])("after %i runs ends with the same bytes", async (kept) => {
    await reference;
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, methods: ["rs"] });
    unfinish(output, "rs", kept);
    if (kept === 0) writeFileSync(partialOf(output), "");
    await runTestSession(output, { tableFolder, methods: ["rs"], mode: "resume" });
    expect(records(output)).toBe(records(whole));
    expect(existsSync(partialOf(output))).toBe(false);
  });

  test("in the middle of a line runs only that run again", async () => {
    await reference;
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, methods: ["rs"] });
    unfinish(output, "rs", 5);
    appendFileSync(partialOf(output), '{"answers":[{"archi');
    const result = await runTestSession(output, { tableFolder, methods: ["rs"], mode: "resume" });
    expect(result.done).toBe(12);
    expect(records(output)).toBe(records(whole));
  });

  test("with a changed record inside is refused, naming file and line", async () => {
    const output = temporaryFolder();
    await runTestSession(output, { tableFolder, methods: ["rs"] });
    unfinish(output, "rs", 5);
    const text = readFileSync(partialOf(output), "utf8").replace('"runIndex":2', '"runIndex":3');
    writeFileSync(partialOf(output), text);
    const resumed = runTestSession(output, { tableFolder, methods: ["rs"], mode: "resume" });
    await expect(resumed).rejects.toMatchObject({ code: "NAS_RECORD_CORRUPT" });
    await resumed.catch((error) => expect(error.details.where).toContain("records.partial.jsonl:3"));
  });

  test("by an abort keeps what was finished and says so", async () => {
    await reference;
    const output = temporaryFolder();
    const controller = new AbortController();
    const onProgress = (done: number) => {
      if (done === 4) controller.abort();
    };
    const result = await runTestSession(output, {
      tableFolder,
      methods: ["rs"],
      signal: controller.signal,
      onProgress,
    });
    expect(result).toMatchObject({ done: 4, total: 12, interrupted: true });
    expect(readFileSync(partialOf(output), "utf8").trimEnd().split("\n")).toHaveLength(4);
    await runTestSession(output, { tableFolder, methods: ["rs"], mode: "resume" });
    expect(records(output)).toBe(records(whole));
  });
});

describe("shards", () => {
  async function makeShards(count: number, changes: object = {}): Promise<string[]> {
    const outputs = Array.from({ length: count }, temporaryFolder);
    for (const [at, output] of outputs.entries()) {
      await runTestSession(output, { tableFolder, shard: { index: at + 1, count }, ...changes });
    }
    return outputs;
  }

  test.each([2, 3])("%i of them merge, in any order, to the bytes of one run", async (count) => {
    await reference;
    const shards = await makeShards(count);
    const output = path.join(temporaryFolder(), "merged");
    mergeResults(shards.reverse(), output, false);
    for (const method of ["rs", "rea"]) expect(records(output, method)).toBe(records(whole, method));
    expect(() => mergeResults(shards, output, false)).toThrow("NAS_OUTPUT_EXISTS");
    mergeResults(shards, output, true);
  });

  test("that do not make up the plan are refused and nothing is written", async () => {
    const [first, second] = (await makeShards(2)) as [string, string];
    const output = path.join(temporaryFolder(), "merged");
    expect(() => mergeResults([first], output, false)).toThrow(
      "NAS_SHARDS_INCOMPLETE: 6 of 12 runs of nas-bench-201/rea",
    );
    unfinish(second, "rs", 3);
    writeFileSync(resultFile(second, "rs", "records.jsonl"), "");
    expect(() => mergeResults([first, second], output, false)).toThrow("NAS_SHARDS_INCOMPLETE");
    expect(existsSync(output)).toBe(false);
  });

  test("of different inputs, or that disagree, are refused", async () => {
    const [first, second] = (await makeShards(2, { methods: ["rs"] })) as [string, string];
    const [other] = (await makeShards(1, { methods: ["rs"], runs: 13 })) as [string];
    const output = path.join(temporaryFolder(), "merged");
    expect(() => mergeResults([first, second, other], output, false)).toThrow("NAS_SHARDS_CONFLICT");
    expect(() => mergeResults([first, path.join(second, "nowhere")], output, false)).toThrow("NAS_FILE_NOT_FOUND");
    expect(existsSync(output)).toBe(false);
  });

  test("are not revealed", async () => {
    const [first] = (await makeShards(2, { methods: ["rs"] })) as [string];
    const request = {
      protocol: loadProtocol("nas-bench-201"),
      tableFolder,
      folders: [path.join(first, "nas-bench-201/rs")],
    };
    await expect(reveal(request)).rejects.toMatchObject({ code: "NAS_REVEAL_INCOMPLETE" });
  });
});

describe("revealing", () => {
  test("gives each run the reported values of its answer", async () => {
    await reference;
    const folder = path.join(whole, "nas-bench-201/rea");
    await reveal({ protocol: loadProtocol("nas-bench-201"), tableFolder, folders: [folder] });
    const revealed = readRevealed(folder);
    expect(revealed).toHaveLength(12);
    for (const { columns } of revealed) {
      expect(Object.keys(columns)).toHaveLength(6);
      for (const value of Object.values(columns)) expect(value).toBeGreaterThan(0);
    }
  });
});
