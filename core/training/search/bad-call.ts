import { HarnessError } from "../../errors/harness-error.ts";

/** A method called `context.training` with something that it can't take. */
export function badCall(call: string, what: string, allowed: string): HarnessError {
  return new HarnessError("NAS_TRAINING_CALL", {
    what: `${call} was called with ${what}`,
    allowed,
    next: "correct the plugin, or its options",
  });
}
