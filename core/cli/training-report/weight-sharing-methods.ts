/** A method that trains a supernet, in both of its variants. */
export interface WeightSharingMethod {
  /** Plugin id of the variant that evaluates by running averages. */
  readonly id: string;
  readonly title: string;
}

/** A method of the published table. */
interface PublishedMethod extends WeightSharingMethod {
  /** Whether it evaluates its supernet without training it, so that the two variants can differ in more than their seeds. */
  readonly evaluates: boolean;
}

/** The six weight-sharing methods of NAS-Bench-201's Table 5, in its order. */
export const WEIGHT_SHARING_METHODS = [
  { id: "rsps", title: "RSPS", evaluates: true },
  { id: "darts-v1", title: "DARTS-V1", evaluates: false },
  { id: "darts-v2", title: "DARTS-V2", evaluates: false },
  { id: "gdas", title: "GDAS", evaluates: false },
  { id: "setn", title: "SETN", evaluates: true },
  { id: "enas", title: "ENAS", evaluates: true },
] as const satisfies readonly PublishedMethod[];

/** A method with the statistics by which batch normalisation evaluates during its search. */
export interface Variant extends WeightSharingMethod {
  /** Plugin id of the variant. */
  readonly variant: string;
  /** True: statistics of the batch; false: running averages. */
  readonly usesBatchStatistics: boolean;
}

/** Every method in both variants, method by method. */
export const VARIANTS: readonly Variant[] = WEIGHT_SHARING_METHODS.flatMap((method) => [
  { ...method, variant: method.id, usesBatchStatistics: false },
  { ...method, variant: `${method.id}-batch-statistics`, usesBatchStatistics: true },
]);

/** What batch normalisation evaluates by, as a cell of a table. */
export function normalisationName({ usesBatchStatistics }: Pick<Variant, "usesBatchStatistics">): string {
  return usesBatchStatistics ? "batch statistics" : "running averages";
}

/** A variant in a sentence: `GDAS`, `GDAS (batch statistics)`. */
export function variantName({ title, usesBatchStatistics }: Variant): string {
  return usesBatchStatistics ? `${title} (batch statistics)` : title;
}
