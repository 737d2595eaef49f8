import path from "node:path";
import type { DatasetManifest } from "../../schemas/generated/plugin-manifest.ts";
import type { Protocol, ProtocolSearch } from "../../schemas/generated/protocol.ts";
import type { Recipe } from "../../schemas/generated/recipe.ts";
import { HarnessError } from "../errors/harness-error.ts";
import { readImagesApart } from "../isolation/boxed-images.ts";
import { enclosureFor, type IsolationMode } from "../isolation/isolation-mode.ts";
import { locateDataset, openDataset } from "../plugins/dataset-splits.ts";
import type { LocatedPlugin } from "../plugins/plugin-location.ts";
import { readRecipe } from "../plugins/table-plan-file.ts";
import type { TrainedSearch } from "../runner/trainer-messages.ts";
import type { SearchView } from "../tables/search-view.ts";
import { datasetAround } from "../tables/table-location.ts";
import { DEFAULT_PASS_COST } from "../training/search/training-clock.ts";

/** What a session with methods that train needs to know of their images. */
export interface TrainingSources {
  /** Folder of the dataset's files, where its plugin does not bring them; null: its own default. */
  readonly dataFolder: string | null;
  /** How the code of datasets that are not built in is kept apart. */
  readonly isolation: IsolationMode;
  readonly memoryLimitMb: number;
}

/** The dataset plugin whose images a search's methods train on: the one around the table, or a built-in one. */
function datasetOf(search: ProtocolSearch, table: SearchView): LocatedPlugin<DatasetManifest> {
  const name = search.images ?? search.dataset;
  const around = datasetAround(table.folder);
  if (around?.manifest.name === name) return locateDataset(around.folder);
  return locateDataset(name);
}

/** The recipe that says how images are normalised and augmented. @throws NAS_PLUGIN_CAPABILITY if there is none */
function recipeOf(search: ProtocolSearch, table: SearchView, plugin: LocatedPlugin<DatasetManifest>): Recipe {
  const own = table.card.training?.recipes.find(({ id }) => id === search.recipe);
  if (own !== undefined) return own;
  const file = path.join(plugin.folder, "recipes", `${search.recipe}.json`);
  try {
    return readRecipe(file);
  } catch (cause) {
    if (!(cause instanceof HarnessError) || cause.code !== "NAS_FILE_NOT_FOUND") throw cause;
    throw new HarnessError("NAS_PLUGIN_CAPABILITY", {
      what: `nothing says how the images of ${plugin.manifest.name} are normalised for recipe ${search.recipe}`,
      where: file,
      allowed: "a recipe file of that name in the dataset plugin's folder recipes/",
      next: "run methods that only ask and tell, or add the recipe",
      cause,
    });
  }
}

/** Training and validation images; test images are not read, or dropped at once where the dataset gives all. */
async function imagesOf(plugin: LocatedPlugin<DatasetManifest>, sources: TrainingSources) {
  const { dataFolder, isolation, memoryLimitMb } = sources;
  if (plugin.origin !== "built-in" && isolation !== "none") {
    const { enclosure } = enclosureFor(isolation, plugin.manifest.name);
    const { train, valid } = await readImagesApart(plugin, { enclosure, memoryLimitMb });
    return { train, valid };
  }
  const splits = await openDataset(plugin, dataFolder);
  return { train: splits.train(), valid: splits.valid() };
}

/**
 * Reads what methods train on in each search of a protocol.
 * @throws NAS_PLUGIN_NOT_FOUND, NAS_IMAGES, NAS_DATASET, NAS_PLUGIN_CAPABILITY, NAS_ISOLATION
 */
export async function trainedSearches(
  protocol: Protocol,
  table: SearchView,
  sources: TrainingSources,
): Promise<TrainedSearch[]> {
  const searches: TrainedSearch[] = [];
  for (const search of protocol.searches) {
    const plugin = datasetOf(search, table);
    const { normalization, augmentation } = recipeOf(search, table, plugin);
    searches.push({
      search: { id: search.id, dataset: search.dataset },
      images: await imagesOf(plugin, sources),
      recipe: { normalization, augmentation },
      cost: table.card.training?.cost ?? DEFAULT_PASS_COST,
    });
  }
  return searches;
}
