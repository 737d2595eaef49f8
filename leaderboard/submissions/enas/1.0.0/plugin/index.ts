import { defineAlgorithm } from "nas-harness";
import type { Options } from "./options.ts";
import { EnasSearch } from "./search.ts";

/** ENAS as the authors of NAS-Bench-201 ran it; see the README. */
export default defineAlgorithm<Options>({ train: (context) => new EnasSearch(context) });
