import { HarnessError } from "../../core/errors/harness-error.ts";

/** The HarnessError that an action throws; anything else that it throws is thrown on. */
export function harnessErrorOf(action: () => unknown): HarnessError {
  try {
    action();
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error("the action did not fail");
}
