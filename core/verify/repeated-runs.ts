import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import type { RunRecord } from "../../schemas/generated/record.ts";
import type { RunSummary } from "../../schemas/generated/run-summary.ts";
import type { GuestSettings } from "../isolation/guest-command.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { eachRecord } from "../records/record-file.ts";
import { readRevealed } from "../records/reveal.ts";
import { runSession } from "../records/session.ts";
import type { Shard } from "../runner/plan.ts";
import type { EpochMessage } from "../runner/trainer-messages.ts";
import { summarizeFolders } from "../statistics/summarized-folders.ts";
import type { SearchView } from "../tables/search-view.ts";

/** A method as verification runs it: a private copy of its plugin, kept apart. */
export interface MethodUnderTest {
  readonly plugin: LocatedPlugin<AlgorithmManifest>;
  readonly options: Record<string, unknown>;
  /** Null only for the harness's own methods. */
  readonly guest: GuestSettings | null;
}

/** What all sessions of a verification share. */
export interface Laboratory {
  readonly table: SearchView;
  /** A folder that is deleted afterwards. */
  readonly work: string;
  readonly jobs: number;
  readonly runLimitSeconds: number;
  readonly signal?: AbortSignal;
  /** Called with the name of what is run, and how far it is. */
  readonly onProgress?: (what: string, done: number, total: number) => void;
  /** Called when a run that trains has ended an epoch. */
  readonly onEpoch?: (message: EpochMessage) => void;
}

/** One session. */
export interface Repetition {
  /** Name of its folder, and for progress. */
  readonly name: string;
  readonly protocol: Protocol;
  /** Largest number of runs of each search. */
  readonly runs: number;
  readonly method: MethodUnderTest;
  /** Any text: what the order of the runs is drawn from. */
  readonly shuffledBy: string;
  readonly isRelabelled?: boolean;
  /** A part of the plan; its statistics are not to be had. */
  readonly shard?: Shard;
  /** Seconds after which the session is ended; runs that are not finished are lost. */
  readonly mostSeconds?: number;
}

/** Failed runs after which the rest is not worth the time: a method that hangs takes its whole limit in each. */
const MOST_FAILURES = 5;

/** What a session left behind. */
export class RepeatedRuns {
  readonly folder: string;
  readonly protocol: Protocol;
  /** The runs that failed and why, as they came. */
  readonly failures: readonly string[];
  /** True: its time was over before it was done. */
  readonly isOverdue: boolean;
  readonly #table: SearchView;

  constructor(
    folder: string,
    protocol: Protocol,
    table: SearchView,
    failures: readonly string[],
    isOverdue: boolean = false,
  ) {
    this.folder = folder;
    this.protocol = protocol;
    this.failures = failures;
    this.isOverdue = isOverdue;
    this.#table = table;
  }

  /** Why it was ended early, or null. */
  get stopped(): string | null {
    const { failures } = this;
    if (failures.length < MOST_FAILURES) return null;
    return `stopped after ${failures.length} failed runs; the first: ${failures[0]}`;
  }

  /** Runs that failed, as faults of a method that fails in no submitted run: values of the rest would not be those of all. */
  get faults(): readonly string[] {
    const { stopped } = this;
    return stopped === null ? this.failures : [stopped];
  }

  /** The records, in the order of the plan; only of a session that was not ended early. */
  records(): Generator<RunRecord> {
    const { folder } = this;
    return (function* () {
      for (const { record } of eachRecord(folder)) yield record;
    })();
  }

  /** Reveals and summarises; the values are there afterwards. */
  summarize(): Promise<RunSummary> {
    return summarizeFolders([this.folder], this.protocol, this.#table);
  }

  /** By `<search>/<column>`, the reported values of the finished runs in percent; after {@link summarize}. */
  values(): Map<string, number[]> {
    const values = new Map<string, number[]>();
    for (const { search, columns } of readRevealed(this.folder)) {
      for (const [column, value] of Object.entries(columns)) {
        const key = `${search}/${column}`;
        const list = values.get(key) ?? [];
        values.set(key, list);
        list.push(value);
      }
    }
    return values;
  }
}

/** A submitted dataset's code is kept apart as the method is. */
export function sourcesFor({ enclosure, memoryLimitMb }: GuestSettings) {
  return { dataFolder: null, isolation: enclosure === "box" ? "strict" : "process", memoryLimitMb } as const;
}

/** Runs a method once more. @throws what `runSession` throws, and the signal's reason if it ended the session */
export async function repeatRuns(laboratory: Laboratory, repetition: Repetition): Promise<RepeatedRuns> {
  const { table, work, jobs, runLimitSeconds } = laboratory;
  const { name, protocol, runs, method, shuffledBy, isRelabelled = false, shard = null, mostSeconds } = repetition;
  const enough = new AbortController();
  const signals = [
    enough.signal,
    ...(laboratory.signal === undefined ? [] : [laboratory.signal]),
    ...(mostSeconds === undefined ? [] : [AbortSignal.timeout(mostSeconds * 1000)]),
  ];
  const failures: string[] = [];
  const { folders, interrupted } = await runSession({
    protocol,
    methods: [method],
    output: path.join(work, name),
    table,
    runs,
    jobs,
    runLimitSeconds,
    shard,
    extensions: [],
    mode: "new",
    shuffledBy,
    isRelabelled,
    signal: AbortSignal.any(signals),
    ...(method.guest === null ? {} : { training: sourcesFor(method.guest) }),
    onProgress: (done, total) => laboratory.onProgress?.(name, done, total),
    ...(laboratory.onEpoch === undefined ? {} : { onEpoch: laboratory.onEpoch }),
    onRecord: ({ failure, runIndex }) => {
      if (failure === null) return;
      failures.push(`run ${runIndex}: ${failure.code}: ${failure.what}`);
      if (failures.length >= MOST_FAILURES) enough.abort();
    },
  });
  laboratory.signal?.throwIfAborted();
  const isOverdue = interrupted && !enough.signal.aborted;
  return new RepeatedRuns(folders[0] as string, protocol, table, failures, isOverdue);
}
