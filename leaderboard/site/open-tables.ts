import { type NetworkSize, networkSizes } from "../../core/training/network-sizes.ts";
import type { SiteTable } from "./site-model.ts";
import { type TableFacts, tableFacts } from "./table-facts.ts";

/** What several pages need of a table and what takes a while to make: made when it is first asked for. */
export class OpenTables {
  readonly #facts = new Map<string, TableFacts>();
  readonly #sizes = new Map<string, (architecture: number) => NetworkSize[]>();

  /** @throws NAS_TABLE_CORRUPT */
  factsOf(table: SiteTable): TableFacts {
    const facts = this.#facts.get(table.id) ?? tableFacts(table);
    this.#facts.set(table.id, facts);
    return facts;
  }

  /** Sizes of an architecture's network on each dataset of the table; none where they can't be known. */
  sizesOf(table: SiteTable, architecture: number): NetworkSize[] {
    const sizes = this.#sizes.get(table.id) ?? networkSizes(table);
    this.#sizes.set(table.id, sizes);
    return sizes(architecture);
  }
}
