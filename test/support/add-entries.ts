import type { NewEntry } from '../../src/directory/entry.ts';
import { openSession } from '../../src/directory/session.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';

/** Adds entries in their order, as the user who may do everything. */
export async function addEntries({ ldapiUri }: Sandbox, entries: readonly NewEntry[]): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  for (const entry of entries) await session.add(entry);
}
