/** A cost and what one gets for it. */
export interface CostPoint {
  /** Smaller is better. */
  readonly cost: number;
  /** Larger is better; percent. */
  readonly accuracy: number;
}

/**
 * The points that no other one beats: none has a smaller or equal cost with a higher accuracy, or a smaller cost with an equal
 * one. By ascending cost; of equal points the first.
 */
export function paretoFront<Point extends CostPoint>(points: readonly Point[]): Point[] {
  const front: Point[] = [];
  for (const point of [...points].sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy)) {
    if (point.accuracy > (front.at(-1)?.accuracy ?? Number.NEGATIVE_INFINITY)) front.push(point);
  }
  return front;
}
