/**
 * Does something with each item, several at once, the longest first: what is begun last should not be what everybody waits
 * for. After an error no further item is begun; those that are under way are told to stop and waited for.
 * @param lanes how many at once, at least 1
 * @param lengthOf how long an item takes beside the others, in any unit; equally long ones keep their order
 * @param work gets a signal that is aborted when another item has failed
 * @returns what was made of each item, in the order given
 * @throws the first error
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  lengthOf: (item: Item) => number,
  work: (item: Item, at: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  const stop = new AbortController();
  const lengths = items.map(lengthOf);
  const rest = [...items.entries()].sort(([a], [b]) => (lengths[b] as number) - (lengths[a] as number)).values();
  const lane = async () => {
    // The lanes take from one iterator: each item is done once.
    for (const [at, item] of rest) {
      if (errors.length > 0) return;
      try {
        results[at] = await work(item, at, stop.signal);
      } catch (error) {
        errors.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  if (errors.length > 0) throw errors[0];
  return results;
}
