import { dnKey } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { inWindow } from '../directory/in-window.ts';
import type { Session } from '../directory/session.ts';
import { LOCKS } from './entry-digest.ts';

/** All that an entry holds, and what tells whether it is the one that was made. */
const WHOLE_ENTRY = ['*', ...LOCKS, 'entryCSN', 'createTimestamp'] as const;

/** Entries as they are, by the keys of their DNs. */
export async function observeEntries(
  session: Session,
  dns: readonly string[],
  attributes: readonly string[] = WHOLE_ENTRY,
): Promise<ReadonlyMap<string, Entry | undefined>> {
  const unique = [...new Map(dns.map((dn) => [dnKey(dn), dn]))];
  const found = await inWindow(unique, ([, dn]) => session.read(dn, attributes));
  return new Map(unique.map(([key], index) => [key, found[index]]));
}
