import { expect, test } from "vitest";
import { publishedIdentity } from "../../../core/importers/official/published-identity.ts";

test.each([
  ["NATS-tss-v1_0-3ffb9-simple", "nats-bench", "nats-tss-v1-0-3ffb9", 46.73],
  ["/data/NATS-tss-v1_0-3ffb9-full.tar", "nats-bench", "nats-tss-v1-0-3ffb9", 46.73],
  ["NATS-tss-v1_0-3ffb9.pickle.pbz2", "nats-bench", "nats-tss-v1-0-3ffb9", 46.73],
  ["NAS-Bench-201-v1_0-e61699.pth", "nas-bench-201", "nas-bench-201-v1-0-e61699", 46.77],
  ["NAS-Bench-201-v1_1-096897.pth", "nas-bench-201", "nas-bench-201-v1-1-096897", undefined],
  ["official-samples/", "nats-bench", "nats-bench-official-samples", undefined],
  ["My Cells (2).tar", "nats-bench", "nats-bench-my-cells-2", undefined],
  ["...", "nas-bench-201", "nas-bench-201-files", undefined],
] as const)("%s of %s becomes table %s", (file, publication, id, bestOnImageNet) => {
  const identity = publishedIdentity(file, publication);
  expect(identity.id).toBe(id);
  expect(identity).toMatchObject({ benchmark: "nas-bench-201", licence: "MIT", version: "1.0.0" });
  const best = identity.expectedOptima.find(({ dataset, split }) => dataset === "imagenet16-120" && split === "valid");
  expect(best?.accuracy).toBe(bestOnImageNet);
});
