import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findSource, readTableSources } from "../../core/importers/table-sources.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const BUILT_IN = readTableSources();

test("the list that ships is valid and names the files of every importer", () => {
  expect(BUILT_IN.sources.map(({ id }) => id)).toEqual([
    "nats-tss-simple",
    "nats-tss",
    "nats-tss-full",
    "nas-bench-201-v1-1",
    "nas-bench-201-v1-0",
    "hpobench",
    "nni",
  ]);
  const importers = new Set(BUILT_IN.sources.map(({ importer }) => importer));
  expect([...importers].sort()).toEqual(["hpobench", "nas-bench-201", "nats-bench", "nni"]);
});

test.each(BUILT_IN.sources)("$id: its addresses are whole, and a name's digits are those of its checksum", (source) => {
  for (const { kind, address } of source.mirrors) {
    const { protocol, hostname, searchParams } = new URL(address);
    expect(protocol).toBe("https:");
    if (kind !== "google-drive") continue;
    expect(hostname).toBe("drive.google.com");
    expect(searchParams.get("export")).toBe("download");
    expect(searchParams.get("id")).toMatch(/^[\w-]{33}$/);
  }
  // NATS-tss-v1_0-3ffb9…, NAS-Bench-201-v1_1-096897.pth, nasbench201-b2b60732.db: no checksum contradicts the name.
  const [, digits] = /-([0-9a-f]{5,8})\./.exec(source.file.name) ?? [];
  for (const { value, digits: which, reported } of source.file.checksums ?? []) {
    if (digits === undefined || reported === true) continue;
    expect(which === "first" ? value.startsWith(digits) : value.endsWith(digits)).toBe(true);
  }
});

test("a source is found by its id; one that is not, is told with those that are", () => {
  expect(findSource(BUILT_IN, "nni").file.name).toBe("nasbench201-b2b60732.db");
  const unknown = harnessErrorOf(() => findSource(BUILT_IN, "nats"));
  expect(unknown.code).toBe("NAS_USAGE");
  expect(unknown.details.allowed).toContain("nats-tss-simple, nats-tss,");
});

test("Syne Tune's blackbox is refused with the reason", () => {
  const { code, details } = harnessErrorOf(() => findSource(BUILT_IN, "syne-tune"));
  expect(code).toBe("NAS_USAGE");
  expect(details.what).toContain("its metric_valid_error is the error on the test images");
});

test("a list that is not there or no JSON is told by its path", () => {
  const file = path.join(temporaryFolder(), "mine.json");
  expect(harnessErrorOf(() => readTableSources(file)).code).toBe("NAS_FILE_NOT_FOUND");
  writeFileSync(file, "{");
  expect(harnessErrorOf(() => readTableSources(file)).code).toBe("NAS_JSON");
  writeFileSync(file, "[]");
  expect(harnessErrorOf(() => readTableSources(file)).code).toBe("NAS_SCHEMA");
});
