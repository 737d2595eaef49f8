import type { MetricName } from "./column.ts";

/** Whether losses of diverged trainings are recorded as they were (tables of our own) or can't occur (imported ones). */
export type LossRange = "finite" | "diverging";

/** What values of a metric may be, in words. */
export function allowedValues(metric: MetricName, losses: LossRange = "finite"): string {
  if (metric.endsWith("Accuracy")) return "a number from 0 to 100 (percent)";
  if (metric.endsWith("Loss") && losses === "diverging") return "a number from 0 on, Infinity or NaN (nats)";
  if (metric.startsWith("mega")) return "a number from 0 on (millions)";
  return metric.endsWith("Ms") ? "a number from 0 on (ms)" : "a number from 0 on (nats)";
}

/**
 * True if a metric may have this value: accuracies from 0 to 100, times finite and not negative, losses too unless they may
 * diverge.
 */
export function isAllowedValue(metric: MetricName, value: number, losses: LossRange = "finite"): boolean {
  if (losses === "diverging" && metric.endsWith("Loss")) return !(value < 0);
  return value >= 0 && (metric.endsWith("Accuracy") ? value <= 100 : value < Number.POSITIVE_INFINITY);
}
