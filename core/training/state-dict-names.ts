/** Names in PyTorch of a layer's weights and of the normalisation behind it. */
type LayerNames = readonly [convolution: string, norm: string];

const NORM_PARTS: Readonly<Record<string, string>> = {
  gamma: "weight",
  beta: "bias",
  mean: "running_mean",
  variance: "running_var",
};

/** A convolution block of the authors' network: ReLU, convolution, normalisation. */
const block = (name: string): LayerNames => [`${name}.op.1`, `${name}.op.2`];

/** Place of a cell of the authors' network among `cells`: the two reductions stand in the same list. */
const cellAt = (stage: number, cell: number, cellsPerStage: number) => stage * (cellsPerStage + 1) + cell;

function layerNames(layer: string, cellsPerStage: number): LayerNames {
  const [, stage, cell, edge] = /^stage(\d+)\.cell(\d+)\.edge(\d+)$/.exec(layer) ?? [];
  if (edge !== undefined) return block(`cells.${cellAt(Number(stage), Number(cell), cellsPerStage)}.layers.${edge}`);
  const [, reduction, part] = /^reduction(\d+)\.(first|second|shortcut)$/.exec(layer) ?? [];
  if (reduction !== undefined) {
    const cells = `cells.${cellAt(Number(reduction), 0, cellsPerStage) - 1}`;
    if (part === "shortcut") return [`${cells}.downsample.1`, ""];
    return block(`${cells}.${part === "first" ? "conv_a" : "conv_b"}`);
  }
  if (layer === "stem") return ["stem.0", "stem.1"];
  return layer === "last" ? ["", "lastact.0"] : ["classifier", ""];
}

/**
 * What the authors' network calls an array in its state dict (D-X-Y/AutoDL-Projects, `tiny_network.py` and `cells.py` in
 * `xautodl/models/cell_infers`: `cells.0.layers.2.op.1.weight` is the convolution on the third edge of the first cell).
 * @param name the array's name in this project's files of weights, such as `stage0.cell0.edge2.weights`
 * @param cellsPerStage 5 in the benchmark
 */
export function stateDictName(name: string, cellsPerStage: number): string {
  const at = name.lastIndexOf(".");
  const part = name.slice(at + 1);
  const [convolution, norm] = layerNames(name.slice(0, at), cellsPerStage);
  if (part === "weights") return `${convolution}.weight`;
  return part === "bias" ? `${convolution}.bias` : `${norm}.${NORM_PARTS[part]}`;
}

/** Cells per stage of the state dict's network, from where its two reductions stand; null if they stand nowhere sensible. */
export function stateDictCells(names: Iterable<string>): number | null {
  const reductions = [...names].flatMap((name) => {
    const [, cell] = /^cells\.(\d{1,4})\.conv_a\.op\.1\.weight$/.exec(name) ?? [];
    return cell === undefined ? [] : [Number(cell)];
  });
  const [first, second] = reductions.toSorted((a, b) => a - b);
  if (reductions.length !== 2 || first === undefined || second !== 2 * first + 1) return null;
  return first;
}

/** True for what a state dict holds besides: how many batches a normalisation has seen. */
export const isBatchCounter = (name: string) => name.endsWith(".num_batches_tracked");
