import type { MetricName } from "./column.ts";

/** What values of a metric may be, in words. */
export function allowedValues(metric: MetricName): string {
  if (metric.endsWith("Accuracy")) return "a number from 0 to 100 (percent)";
  return metric.endsWith("Ms") ? "a number from 0 on (ms)" : "a number from 0 on (nats)";
}

/** True if a metric may have this value: accuracies from 0 to 100, losses and times finite and not negative. */
export function isAllowedValue(metric: MetricName, value: number): boolean {
  return value >= 0 && (metric.endsWith("Accuracy") ? value <= 100 : value < Number.POSITIVE_INFINITY);
}
