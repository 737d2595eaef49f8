import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol } from "../../schemas/generated/protocol.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { explainFaults } from "../files/schema-faults.ts";
import { compileOptions } from "./manifest.ts";

/** Freezes an options object and everything inside it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

/** A manifest's settings for a protocol: its own, or those of the protocol that it names in their place. */
function settingsFor(manifest: AlgorithmManifest, protocol: Pick<Protocol, "id" | "settingsOf">): object {
  const { settings = {} } = manifest;
  const named = [protocol.id, protocol.settingsOf].find((id) => id !== undefined && Object.hasOwn(settings, id));
  return named === undefined ? {} : (settings[named] as object);
}

/**
 * An algorithm's options for a protocol: the schema's defaults, over them the manifest's settings for the protocol (or for
 * its `settingsOf`), over them the user's. Frozen, keys in alphabetical order.
 * @throws NAS_PLUGIN_OPTIONS listing every fault at once
 */
export function resolveOptions(
  manifest: AlgorithmManifest,
  protocol: Pick<Protocol, "id" | "settingsOf">,
  user: Record<string, unknown> = {},
): Record<string, unknown> {
  const options: Record<string, unknown> = structuredClone({ ...settingsFor(manifest, protocol), ...user });
  const validate = compileOptions(manifest, manifest.name);
  if (!validate(options)) {
    const faults = explainFaults(validate.errors ?? [], "/options");
    const known = Object.keys((manifest.options as { properties?: object }).properties ?? {});
    throw new HarnessError("NAS_PLUGIN_OPTIONS", {
      what: `the options of ${manifest.name} have ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`,
      where: faults.map((fault) => `- ${fault}`).join("\n"),
      allowed: known.length === 0 ? `${manifest.name} takes no options` : known.join(", "),
      next: `nas-harness list ${manifest.name} shows each option with its default`,
    });
  }
  return deepFreeze(Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))));
}
