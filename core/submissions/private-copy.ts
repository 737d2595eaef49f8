import path from "node:path";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { installLockedPackages } from "../isolation/locked-packages.ts";
import { type LocatedPlugin, locateAlgorithm } from "../plugins/plugin-location.ts";
import { variantOf } from "../plugins/variants.ts";
import { copyPluginFiles, listPluginFiles } from "./plugin-files.ts";

/** Settings of {@link privateCopy}. */
export interface CopyOptions {
  /** The variant of the plugin that is meant. */
  readonly variant: string | null;
  /** Called with what an installation prints. */
  readonly onOutput?: (text: string) => void;
}

/**
 * A plugin as whoever verifies it gets it: only the files that are handed in, with the packages of its lock file installed.
 * What happens to be installed on the author's machine is not there.
 * @param to a folder that does not exist yet
 * @throws NAS_SUBMISSION, NAS_PLUGIN_MANIFEST, NAS_LOCK_FILE, NAS_INSTALL, NAS_WRITE_FAILED
 */
export async function privateCopy(
  from: string,
  to: string,
  { variant, onOutput }: CopyOptions,
): Promise<LocatedPlugin<AlgorithmManifest>> {
  copyPluginFiles(from, to, listPluginFiles(from));
  const plugin = locateAlgorithm(path.resolve(to));
  await installLockedPackages(plugin, onOutput === undefined ? {} : { onOutput });
  return variant === null ? plugin : variantOf(plugin, variant);
}
