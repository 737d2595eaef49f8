import { HarnessError } from "../errors/harness-error.ts";

/** What a HarnessError says, on one line. @throws anything else, which is a defect and goes on */
export function faultOf(error: unknown): string {
  if (!(error instanceof HarnessError)) throw error;
  const { what, where, allowed } = error.details;
  const place =
    where === undefined ? "" : ` (${where.replaceAll("\n- ", "; ").replace(/^- /, "").replaceAll("\n", " ")})`;
  return `${what}${place}${allowed === undefined ? "" : `; allowed: ${allowed}`}`;
}

/** The fault that a step throws as a HarnessError; none if it does not. @throws anything else */
export function faultsOf(step: () => unknown): string[] {
  try {
    step();
    return [];
  } catch (error) {
    return [faultOf(error)];
  }
}
