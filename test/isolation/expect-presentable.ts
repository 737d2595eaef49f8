import { expect } from "vitest";
import { formatError, type HarnessError } from "../../core/errors/harness-error.ts";

/** Checks an error about what a method sent, whatever it was: it goes into a record and to a terminal. */
export function expectPresentable(refusal: HarnessError): void {
  const text = formatError(refusal);
  expect(refusal.code).toBe("NAS_GUEST_MESSAGE");
  expect(text.length).toBeLessThan(4000);
  expect(text.isWellFormed()).toBe(true);
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
}
