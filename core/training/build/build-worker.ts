/** Entry of a building process: trains what it is sent, one architecture after another. */
import { HarnessError, messageOf } from "../../errors/harness-error.ts";
import { openOperations } from "../backend-operations.ts";
import type { Operations } from "../operations.ts";
import { type SplitImages, trainTrial } from "../trial.ts";
import type { BuildTask } from "./build-plan.ts";
import type { BuiltTrial } from "./trial-line.ts";

/** Messages to a building process. */
export type BuildOrder =
  | { readonly type: "images"; readonly images: SplitImages }
  | { readonly type: "task"; readonly task: BuildTask }
  | { readonly type: "stop" };

/** Messages from a building process. */
export type BuildReport =
  | { readonly type: "ready" }
  | { readonly type: "trained"; readonly trial: BuiltTrial; readonly seconds: number }
  | { readonly type: "broken"; readonly error: ReturnType<HarnessError["toReport"]> };

const parent = process.ppid;
let images: SplitImages | null = null;
let operations: Operations | null = null;

/** A training holds the thread, so the end of the parent is not heard of: it is asked for after each epoch. */
function endWithParent(): void {
  if (process.ppid !== parent) process.exit(0);
}

function train({ part, architecture }: BuildTask): BuildReport {
  if (images === null || operations === null) throw new Error("a task came before the images");
  const start = performance.now();
  const result = trainTrial(operations, images, part.recipe, architecture, part.seed, endWithParent);
  return { type: "trained", trial: { architecture, result }, seconds: (performance.now() - start) / 1000 };
}

async function handle(order: BuildOrder): Promise<BuildReport> {
  if (order.type === "stop") process.exit(0);
  if (order.type === "task") return train(order.task);
  images = order.images;
  operations = await openOperations("wasm");
  return { type: "ready" };
}

// Ctrl-C reaches the whole process group; the parent decides when its workers stop.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.on("message", async (order: BuildOrder) => {
  let report: BuildReport;
  try {
    report = await handle(order);
  } catch (thrown) {
    const error =
      thrown instanceof HarnessError ? thrown : new HarnessError("NAS_INTERNAL", { what: messageOf(thrown) });
    report = { type: "broken", error: error.toReport() };
  }
  // The callback: a parent that was killed meanwhile is no error of its own.
  process.send?.(report, undefined, undefined, () => {});
});
