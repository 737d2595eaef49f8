import { HarnessError } from "../../core/errors/harness-error.ts";

/** Gives null where a table lacks a value. @throws whatever else went wrong */
export function ifRecorded(value: () => number): number | null {
  try {
    return value();
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "NAS_NOT_RECORDED") throw error;
    return null;
  }
}
