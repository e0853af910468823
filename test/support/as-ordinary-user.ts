/** Runs a task without root's right to pass over file modes, also where the tests run as root. */
export async function asOrdinaryUser<T>(task: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return await task();
  process.seteuid(65534); // nobody
  try {
    return await task();
  } finally {
    process.seteuid(0);
  }
}
