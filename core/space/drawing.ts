import { type Architecture, operationsOf } from "./codec.ts";
import { EDGES } from "./operations.ts";
import { usedEdges } from "./reachability.ts";

/**
 * The cell as a text drawing: a row a node, a column an input; operations on no path from input to output stand in
 * parentheses. Seven lines at most 64 characters wide, without a trailing newline.
 * @throws NAS_ARCHITECTURE_INDEX
 */
export function drawCell(architecture: Architecture): string {
  const operations = operationsOf(architecture);
  const used = usedEdges(architecture);
  const width = 16;
  const header = `${"".padEnd(10)}${["0 input", "1", "2"].map((node) => `from ${node}`.padEnd(width)).join("")}`;
  const rows = [1, 2, 3].map((node) => {
    const cells = EDGES.flatMap((edge, at) => {
      if (edge.to !== node) return [];
      const name = operations[at] as string;
      return [(used[at] || name === "none" ? name : `(${name})`).padEnd(width)];
    });
    return `${`to ${node}${node === 3 ? " out" : ""}`.padEnd(10)}${cells.join("")}`;
  });
  return [header, ...rows].map((line) => line.trimEnd()).join("\n");
}
