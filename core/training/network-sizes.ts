import type { TableCard } from "../../schemas/generated/table-card.ts";
import { classOf } from "../space/classes.ts";
import type { Architecture } from "../space/codec.ts";
import { flopsOf, parametersOf } from "../space/network-size.ts";
import type { SearchView } from "../tables/search-view.ts";
import { datasetOfTable } from "../tables/table-location.ts";
import { networkMacs } from "./network-macs.ts";
import { networkParameters } from "./network-parameters.ts";
import { trainedEdges } from "./trial.ts";

/** The network's size on one dataset. */
export interface NetworkSize {
  readonly dataset: string;
  readonly classes: number;
  /** Height and width in pixels. */
  readonly imageSize: number;
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly flops: number;
}

/** What of a table its networks' sizes depend on. */
type TableOfNetworks = Pick<SearchView, "folder" | "card">;

/** The sizes of an architecture's network. */
type SizesOf = (architecture: Architecture) => NetworkSize[];

type DatasetFacts = Pick<NetworkSize, "classes" | "imageSize"> & { readonly id: string };

/** The datasets of the benchmark, for when no table says which there are. */
const BENCHMARK_DATASETS: readonly DatasetFacts[] = [
  { id: "cifar10", classes: 10, imageSize: 32 },
  { id: "cifar100", classes: 100, imageSize: 32 },
  { id: "imagenet16-120", classes: 120, imageSize: 16 },
];

/** Size as the benchmark's files count it: 16 channels, 5 cells a stage, all six edges. */
function benchmarkSize(architecture: Architecture, { id, classes, imageSize }: DatasetFacts): NetworkSize {
  const input = { classes, imageSize };
  const [parameters, flops] = [parametersOf(architecture, input), flopsOf(architecture, input)];
  return { dataset: id, ...input, parameters, flops };
}

/**
 * Sizes of the networks that a table trained: one for each that its recipes differ in, without edges that lead nowhere. None
 * where the dataset's plugin is not here: a card does not say how many channels the images have.
 */
function trainedSizes(
  { folder, card }: TableOfNetworks,
  { recipes, dataset }: NonNullable<TableCard["training"]>,
): SizesOf {
  const manifest = datasetOfTable(folder, dataset);
  if (manifest === null) return () => [];
  const imageChannels = manifest.images.channels;
  const alike = Map.groupBy(recipes, ({ network }) => JSON.stringify([network.channels, network.cellsPerStage]));
  return (architecture) => {
    const edges = trainedEdges(classOf(architecture));
    return card.datasets.flatMap(({ id, classes, imageSize }) =>
      [...alike.values()].map((group) => {
        const { network } = group[0] as (typeof recipes)[number];
        const shape = { ...network, imageSize, imageChannels, classes };
        const names = group.length === recipes.length ? "" : ` ${group.map((recipe) => recipe.id).join(", ")}`;
        const [parameters, flops] = [networkParameters(shape, edges), networkMacs(shape, edges)];
        return { dataset: `${id}${names}`, classes, imageSize, parameters, flops };
      }),
    );
  };
}

/**
 * Opens a table's network sizes: what it gives has the sizes of an architecture's network on each dataset of the table, on those
 * of NAS-Bench-201 without one, and throws NAS_ARCHITECTURE_INDEX.
 */
export function networkSizes(table: TableOfNetworks | null): SizesOf {
  const training = table?.card.training;
  if (table !== null && training !== undefined) return trainedSizes(table, training);
  const datasets = table?.card.datasets ?? BENCHMARK_DATASETS;
  return (architecture) => datasets.map((dataset) => benchmarkSize(architecture, dataset));
}
