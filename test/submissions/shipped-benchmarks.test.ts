import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { requireShipped } from "../../core/submissions/shipped-benchmarks.ts";
import { harnessErrorOf } from "../helpers/harness-error-of.ts";
import { REPOSITORY } from "../helpers/shared-data.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

test("a protocol whose table nobody else has takes no submissions, and the message says what to do instead", () => {
  const error = harnessErrorOf(() => requireShipped("nas-bench-201-mean", temporaryFolder()));
  expect(error.code).toBe("NAS_SUBMISSION");
  expect(error.details.what).toContain("nas-bench-201-mean");
  expect(error.details.next).toContain("nas-harness run");
});

test("a protocol file is looked for by its content, not by its name", () => {
  const file = path.join(REPOSITORY, "protocols/nats-bench.json");
  expect(existsSync(file)).toBe(true);
  expect(harnessErrorOf(() => requireShipped(file, temporaryFolder())).code).toBe("NAS_SUBMISSION");
});
