import type { WeightsExportFlags } from "./commands/weights.ts";
export async function exportWeights(_architecture: string, _flags: WeightsExportFlags): Promise<void> {}
