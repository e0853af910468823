/**
 * slapd closes a connection with more than 1000 requests waiting (`olcConnMaxPendingAuth`); 64 already keep it busy.
 */
const WINDOW = 64;

/** Runs `task` for every item, at most 64 at a time and started in order; the results are in the order of the items. */
export async function inWindow<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, items.length) }, lane));
  return results;
}
