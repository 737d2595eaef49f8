import type { CostValues } from "../../core/costs/cost-column.ts";
import { type CostIdentity, writeCostTable } from "../../core/costs/cost-writer.ts";
import { choicesOf } from "../../core/space/codec.ts";
import { ARCHITECTURE_COUNT } from "../../core/space/operations.ts";
import type { CostCard } from "../../schemas/generated/cost-card.ts";

const MS_OF_OPERATION = [0.25, 0.5, 2, 4, 1];

/** Latency of an architecture on the made-up phone in ms, a multiple of 0.25: a sum over its operations. */
export function phoneLatency(architecture: number): number {
  return choicesOf(architecture).reduce((sum, choice) => sum + (MS_OF_OPERATION[choice] as number), 0);
}

/** True where the made-up chip was measured: not for every seventh architecture. */
export function chipIsMeasured(architecture: number): boolean {
  return architecture % 7 !== 0;
}

const IDENTITY: CostIdentity = {
  id: "generated-costs",
  version: "1.0.0",
  title: "Generated costs",
  licence: "MIT",
  provenance: { description: "Made-up values for tests.", sources: [] },
  unitsFrom: "This helper.",
  columns: [
    { name: "phone-latency", dataset: "cifar10", device: "A phone", batchSize: 1, quantity: "latency", unit: "ms" },
    { name: "phone-latency", dataset: "cifar100", device: "A phone", batchSize: 1, quantity: "latency", unit: "ms" },
    { name: "chip-energy", device: "A chip", quantity: "energy", unit: "mJ" },
  ],
};

/**
 * Writes a cost table of made-up values: `phone-latency` of cifar10 ({@link phoneLatency}) and of cifar100 (twice that), and
 * `chip-energy` (0 to 99.9 mJ, by index; every seventh is not measured).
 */
export function writeGeneratedCosts(folder: string, identity: Partial<CostIdentity> = {}): CostCard {
  const of = (value: (architecture: number) => number) =>
    Float32Array.from({ length: ARCHITECTURE_COUNT }, (_, architecture) => value(architecture));
  const values: CostValues[] = [
    { values: of(phoneLatency), recorded: null },
    { values: of((architecture) => 2 * phoneLatency(architecture)), recorded: null },
    {
      values: of((architecture) => (chipIsMeasured(architecture) ? (architecture % 1000) / 10 : 0)),
      recorded: Uint8Array.from({ length: ARCHITECTURE_COUNT }, (_, index) => (chipIsMeasured(index) ? 1 : 0)),
    },
  ];
  return writeCostTable(folder, { ...IDENTITY, ...identity }, values);
}
