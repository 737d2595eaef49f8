import { loadProtocol } from "../../core/protocols/protocol-file.ts";
import type { Constraint, Protocol } from "../../schemas/generated/protocol.ts";

/** At most 5 ms on the made-up phone of the generated costs. */
export const FIVE_MS: Constraint = { costs: "generated-costs", column: "phone-latency", dataset: "cifar10", atMost: 5 };

/** nas-bench-201-mean with constraints on every search, under another name. */
export function constrainedProtocol(
  constraints: readonly Constraint[] = [FIVE_MS],
  changes: Partial<Protocol> = {},
): Protocol {
  const protocol = structuredClone(loadProtocol("nas-bench-201-mean"));
  delete protocol.$schema;
  for (const search of protocol.searches) search.constraints = [...constraints];
  return { ...protocol, id: "constrained", title: "Constrained", settingsOf: "nas-bench-201", ...changes };
}
