import { operationsOf } from "../../space/codec.ts";
import { EDGES } from "../../space/operations.ts";
import type { NetworkShape } from "../layers.ts";
import { macsOf, networkMacs } from "../network-macs.ts";
import { trainedEdges } from "../trial.ts";
import type { SupernetMode } from "./supernet-mode.ts";

/** Multiply-accumulates of one image through a supernet in a mode: of what is computed there. */
export function supernetMacs(shape: NetworkShape, mode: SupernetMode): number {
  if (mode.kind === "mixture") return macsOf(shape, { ofSize1: EDGES.length, ofSize3: EDGES.length });
  if (mode.kind === "gate") return networkMacs(shape, operationsOf(mode.architecture));
  return networkMacs(shape, trainedEdges(mode.architecture));
}
