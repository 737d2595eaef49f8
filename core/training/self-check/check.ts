import { HarnessError, messageOf } from "../../errors/harness-error.ts";

/** How a check ended. missing: what it looks for is not there. */
export type CheckStatus = "ok" | "missing" | "failed";

/** One line of `nas-harness doctor`. */
export interface Check {
  /** What was checked, for example `backend wasm`. */
  readonly name: string;
  readonly status: CheckStatus;
  /** True if the harness does not work as it should unless this is ok. */
  readonly needed: boolean;
  /** What was found, in one line. */
  readonly says: string;
  /** What to do about it, if it is not ok. */
  readonly next?: string;
  /** What was found as plain data, by name. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A check that something which was thrown has ended. */
export function failedCheck(name: string, needed: boolean, thrown: unknown): Check {
  const error = thrown instanceof HarnessError ? thrown : new HarnessError("NAS_INTERNAL", { what: messageOf(thrown) });
  const { code, what, where, next } = error.toReport();
  const says = `${code}: ${what}${where === undefined ? "" : ` (${where.replaceAll(/\s*\n\s*/g, " ")})`}`;
  return { name, status: "failed", needed, says, ...(next === undefined ? {} : { next }), facts: { code, where } };
}
