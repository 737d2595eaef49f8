import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { MANIFEST_NAME } from "./manifest.ts";
import type { LocatedPlugin } from "./plugin-location.ts";

type Fields = Record<string, unknown>;

/** The options' schema with other defaults. */
function withDefaults(schema: Fields, defaults: Fields): Fields {
  const properties = { ...(schema.properties as Record<string, Fields>) };
  for (const [name, value] of Object.entries(defaults)) properties[name] = { ...properties[name], default: value };
  return { ...schema, properties };
}

function without(options: Fields, names: Fields): Fields {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !Object.hasOwn(names, name)));
}

/**
 * A variant as a method of its own: the plugin's manifest with the variant's name, title and description, its options as
 * defaults, and settings that leave these alone. So nothing that reads a manifest needs to know of variants.
 * @throws NAS_PLUGIN_NOT_FOUND
 */
export function variantOf(plugin: LocatedPlugin<AlgorithmManifest>, name: string): LocatedPlugin<AlgorithmManifest> {
  const { variants = [], ...manifest } = plugin.manifest;
  const variant = variants.find((one) => one.name === name);
  if (variant === undefined) {
    throw new HarnessError("NAS_PLUGIN_NOT_FOUND", {
      what: `${manifest.name} has no variant "${name}"`,
      where: path.join(plugin.folder, MANIFEST_NAME),
      allowed: variants.length === 0 ? "it has none" : variants.map((one) => one.name).join(", "),
      next: "name one of these, or leave out what follows the #",
    });
  }
  const { title, description, options } = variant;
  const settings = Object.entries(manifest.settings ?? {}).map(([protocol, own]) => [protocol, without(own, options)]);
  return {
    ...plugin,
    manifest: {
      ...manifest,
      name,
      title,
      description,
      options: withDefaults(manifest.options, options),
      ...(manifest.settings === undefined ? {} : { settings: Object.fromEntries(settings) }),
    },
  };
}
