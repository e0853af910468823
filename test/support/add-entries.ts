import type { NewEntry } from '../../src/directory/entry.ts';
import { openSession } from '../../src/directory/open-session.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';

/** Adds entries in their order, as the user who may do everything. */
export async function addEntries({ ldapiUri }: RunningSlapd, entries: readonly NewEntry[]): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  for (const entry of entries) await session.add(entry);
}
