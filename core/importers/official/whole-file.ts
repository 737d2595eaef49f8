import { type EntrySource, streamEntries } from "../../files/pickle/pickle-stream.ts";
import { PickleDict, type PickleValue } from "../../files/pickle/pickle-values.ts";
import type { OfficialTrial } from "../official-trial.ts";
import { architectureTrials } from "./architecture-results.ts";
import { checkMetaArchitectures } from "./meta-architectures.ts";
import { OFFICIAL_PICKLE } from "./official-names.ts";
import { OfficialPlace, shown } from "./official-place.ts";

/** How the pickle of a file that holds all architectures is reached. */
export type WholeFile = Pick<EntrySource<unknown>, "file" | "open" | "before" | "after">;

const ENTRIES = "arch2infos";

function requireEntries(root: PickleValue, began: boolean, place: OfficialPlace): void {
  if (began) return;
  if (!(root instanceof PickleDict)) throw place.fault(`the file holds ${shown(root)}`, `a dict with ${ENTRIES}`);
  const entries = root.get(ENTRIES);
  if (entries === null) {
    const what = "this is the file that lists the architectures of a folder; it holds no results";
    throw place.fault(what, "the folder in which it lies, or a file that holds all architectures");
  }
  const keys = root.keys.slice(0, 10).map(shown).join(", ");
  throw place.fault(`the file's dict has no ${ENTRIES}, but ${keys}`, `a dict with meta_archs and ${ENTRIES}`);
}

/**
 * The trials of a file that holds all architectures, one batch an architecture, in the file's order.
 * @throws NAS_OFFICIAL_FILE, NAS_PICKLE, and what reading the bytes throws
 */
export async function* readWholeFile(source: WholeFile): AsyncGenerator<readonly OfficialTrial[]> {
  const place = new OfficialPlace(source.file);
  const seen = new Set<PickleValue>();
  let began = false;
  let isChecked = false;
  const check = (meta: PickleDict) => {
    if (meta.get("meta_archs") === undefined) return;
    checkMetaArchitectures(meta, place);
    isChecked = true;
  };
  const root = yield* streamEntries<readonly OfficialTrial[]>({
    ...source,
    ...OFFICIAL_PICKLE,
    key: ENTRIES,
    begin: (earlier) => {
      began = true;
      seen.clear();
      check(earlier);
    },
    convert: (architecture, value) => {
      if (seen.has(architecture)) throw place.fault(`architecture ${shown(architecture)} is there twice`);
      seen.add(architecture);
      return architectureTrials(value, architecture, place);
    },
  });
  requireEntries(root, began, place);
  if (!isChecked) checkMetaArchitectures(root, place);
}
