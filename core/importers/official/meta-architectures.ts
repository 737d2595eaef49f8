import { PickleDict, PickleList } from "../../files/pickle/pickle-values.ts";
import { formatArchitecture } from "../../space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../space/operations.ts";
import { SIZE_SPACE, TOPOLOGY_FILES } from "./architecture-results.ts";
import { type OfficialPlace, shown } from "./official-place.ts";

/** An architecture of the size space, such as `64:56:48:8:16`. */
const WIDTHS = /^\d+(:\d+)+$/;

/**
 * Checks `meta_archs`, the architectures in the order of their indices, against this project's own order.
 * @param meta the outermost dict of an official file
 * @throws NAS_OFFICIAL_FILE if it names other architectures, or another order
 */
export function checkMetaArchitectures(meta: unknown, file: OfficialPlace): void {
  const list = meta instanceof PickleDict ? meta.get("meta_archs") : undefined;
  const place = file.in("field meta_archs");
  if (!(list instanceof PickleList)) throw place.fault(`the field is ${shown(list)}`, "a list of architectures");
  const [first] = list.items;
  if (typeof first === "string" && WIDTHS.test(first)) throw place.fault(SIZE_SPACE, TOPOLOGY_FILES);
  if (list.items.length !== ARCHITECTURE_COUNT)
    throw place.fault(`there are ${list.items.length} architectures`, `${ARCHITECTURE_COUNT}`);
  for (const [architecture, text] of list.items.entries()) {
    if (text !== formatArchitecture(architecture))
      throw place.fault(`architecture ${architecture} is ${shown(text)}`, formatArchitecture(architecture));
  }
}
