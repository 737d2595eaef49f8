import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import { builtInProtocols } from "../protocols/protocol-file.ts";
import type { LocatedPlugin } from "./plugin-location.ts";

/** The id or file by which the protocol of a dataset is loaded; null where its manifest names none. */
export function protocolOfDataset({ folder, manifest }: LocatedPlugin<DatasetManifest>): string | null {
  const { protocol } = manifest;
  if (protocol === undefined || builtInProtocols().includes(protocol)) return protocol ?? null;
  return path.join(folder, protocol);
}
