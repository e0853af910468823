/**
 * slapd closes a connection with more than 1000 requests waiting (`olcConnMaxPendingAuth`); 64 already keep it busy.
 */
const WINDOW = 64;

/**
 * Runs `task` for every item, at most 64 at a time and started in order; the results are in the order of the items.
 * After a failure no further one is started; when those under way have ended, the failure of the earliest item is thrown.
 */
export async function inWindow<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures = new Map<number, unknown>();
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.size > 0) return;
      try {
        results[index] = await task(item);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, items.length) }, lane));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
