/** A script: runs a ported search on draws that are given instead of drawn, and prints the cells that it proposes. */
import type { AlgorithmContext } from "../../core/plugins/algorithm.ts";
import { readManifest } from "../../core/plugins/manifest.ts";
import { loadAlgorithm } from "../../core/plugins/plugin-module.ts";
import { NAS_BENCH_201_SPACE as SPACE } from "../../core/space/space.ts";
import type { AlgorithmManifest } from "../../schemas/generated/plugin-manifest.ts";
import { accuracyOf, BUDGET_SECONDS, secondsOf } from "./scripted-values.ts";

const { folder, draws } = JSON.parse(process.argv[2] ?? "{}") as { folder: string; draws: readonly number[] };
const { create } = await loadAlgorithm({ folder, manifest: readManifest(folder) as AlgorithmManifest });
let drawn = 0;
let spentMs = 0;
const integer = (count: number) => (draws[drawn++] as number) % count;
const searcher = create({
  space: SPACE,
  random: { integer, choice: <T>(list: readonly T[]) => list[integer(list.length)] as T },
  fidelities: [12],
  maxEpochs: 12,
  budget: { kind: "simulated-ms", limit: BUDGET_SECONDS * 1000, affords: () => spentMs < BUDGET_SECONDS * 1000 },
  options: {},
  protocol: { id: "testing", search: "testing", dataset: "testing" },
} as unknown as AlgorithmContext);
const trace: number[] = [];
for (let proposal = searcher.ask(); proposal !== null; proposal = searcher.ask()) {
  const { architecture } = proposal;
  if (proposal.epochs !== 12) throw new Error(`${proposal.epochs} epochs were proposed`);
  trace.push(architecture);
  const costMs = secondsOf(architecture) * 1000;
  spentMs += costMs;
  const remaining = BUDGET_SECONDS * 1000 - spentMs;
  searcher.tell(proposal, { validAccuracy: accuracyOf(architecture), costMs, spentMs, remaining });
}
process.stdout.write(JSON.stringify(trace));
