import { type Architecture, fromChoices } from "../../space/codec.ts";
import { EDGES, OPERATIONS } from "../../space/operations.ts";

/** NNI's names of the operations (`nni.nas.benchmark.nasbench201.constants`), with this project's. */
const OPERATION_NAMES: Readonly<Record<string, (typeof OPERATIONS)[number]>> = {
  none: "none",
  skip_connect: "skip_connect",
  conv_1x1: "nor_conv_1x1",
  conv_3x3: "nor_conv_3x3",
  avg_pool_3x3: "avg_pool_3x3",
};
const EDGE_NAMES = EDGES.map(({ from, to }) => `${from}_${to}`);

/** What an architecture of NNI's looks like, in words. */
export const NNI_ARCHITECTURE = `a JSON object with ${EDGE_NAMES.join(", ")}, each one of ${Object.keys(OPERATION_NAMES).join(", ")}`;

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The architecture of NNI's JSON object, whose keys may stand in any order; null if it is none. */
export function parseNniArchitecture(text: string): Architecture | null {
  const cell = parseObject(text);
  if (cell === null || Object.keys(cell).length !== EDGE_NAMES.length) return null;
  const choices = EDGE_NAMES.map((edge) => {
    const name = Object.hasOwn(cell, edge) ? cell[edge] : undefined;
    return typeof name === "string" && Object.hasOwn(OPERATION_NAMES, name)
      ? OPERATIONS.indexOf(OPERATION_NAMES[name] as (typeof OPERATIONS)[number])
      : -1;
  });
  return choices.includes(-1) ? null : fromChoices(choices);
}
