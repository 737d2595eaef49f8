/**
 * Does something with each item, several at once, in the order given as lanes become free. After an error no further item is
 * begun; those that are under way are told to stop and waited for.
 * @param lanes how many at once, at least 1
 * @param work gets a signal that is aborted when another item has failed
 * @returns what was made of each item, in the order given
 * @throws the first error
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, at: number, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  const stop = new AbortController();
  const rest = items.entries();
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
