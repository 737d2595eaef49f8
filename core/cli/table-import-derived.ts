import { HarnessError } from "../errors/harness-error.ts";
import { type DerivedFormat, openDerivedSource } from "../importers/derived-sources.ts";
import { refuseSyneTune } from "../importers/syne-tune/syne-tune-folder.ts";
import { type ImportOfficialFlags, importSource } from "./table-import-official.ts";

/**
 * The action of `table import hpobench` and `nni`; returns the exit code.
 * @throws as `openDerivedSource` and `importSource`
 */
export function importDerived(place: string, format: DerivedFormat, flags: ImportOfficialFlags): Promise<number> {
  const { source, identity } = openDerivedSource(place, format);
  return importSource(source, identity, flags);
}

/** The action of `table import syne-tune`, which always throws. @throws NAS_BENCHMARK_FILE */
export function importSyneTune(folder: string): never {
  refuseSyneTune(folder);
  throw new HarnessError("NAS_BENCHMARK_FILE", {
    what: "this is no Syne Tune blackbox; and one can't become a table, because it has no validation split",
    where: folder,
    next: "import the files that the blackbox was made from: nas-harness table import nats-bench NATS-tss-v1_0-3ffb9-simple",
  });
}
