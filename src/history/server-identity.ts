import { dnKey, isWithin } from '../directory/dn.ts';
import { valuesOf } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { namingContexts } from '../plan/plan-trees.ts';
import type { Contexts } from './journal.ts';
import type { RecordedRun, RunSummary } from './journal.ts';

/** In the order in which they are trusted: OpenLDAP and 389 Directory Server have one of the first two. */
const IDENTITIES = ['entryUUID', 'nsUniqueId', 'createTimestamp'];

export async function observeContexts(session: Session): Promise<Contexts> {
  const found: [string, string | null][] = [];
  for (const dn of await namingContexts(session)) {
    const entry = await session.read(dn, IDENTITIES);
    const identity = entry === undefined ? null : IDENTITIES.flatMap((name) => valuesOf(entry, name)).at(0);
    if (identity !== undefined) found.push([dnKey(dn), identity]);
  }
  return Object.fromEntries(found);
}

/** A server that is connected to. */
export interface SeenServer {
  readonly uri: string;
  readonly contexts: Contexts;
}

/**
 * Whether a server is the one that a run changed. Runs may have added or deleted the entry of a naming context since, so
 * its identity is followed through their journals, the latest of which says what is to be found.
 * @param runs all that have a journal, in any order
 */
export function isServerOf(
  run: RunSummary,
  runs: readonly RunSummary[],
  { uri, contexts }: SeenServer,
  dns: readonly string[],
): boolean {
  const { contexts: before, server } = run;
  // Journals did not always say more than the URI.
  if (before === undefined) return server === undefined || server === uri;
  const about = Object.keys(before).filter((key) => dns.some((dn) => isWithin(dn, key)));
  const later = runs.filter(({ id }) => id > run.id).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return (about.length > 0 ? about : Object.keys(before)).every((key) => {
    if (!(key in contexts)) return false;
    const expected = later.reduce((known, next) => followed(known, next, key, server), after(run, key));
    return expected === undefined
      ? contexts[key] === before[key] || server === uri
      : contexts[key] === expected;
  });
}

/** @throws `OTHER_SERVER` */
export function requireServerOf(run: RecordedRun, runs: readonly RunSummary[], seen: SeenServer): void {
  const dns = run.records.flatMap((record) => ('dn' in record ? [record.dn] : []));
  if (dns.length === 0 || isServerOf(run, runs, seen, dns)) return;
  throw new KeystoneLdapError(
    'OTHER_SERVER',
    `${seen.uri} is not the directory that run ${run.id} changed${run.server === undefined ? '' : ` at ${run.server}`}; nothing was touched.`,
    {
      hint: 'Use -H with the address of that server. If you replaced the directory on purpose, add --other-server to undo the run here.',
    },
  );
}

/** `undefined` if nobody knows: a run that stopped may have added or deleted the entry. */
type Known = string | null | undefined;

function after({ contexts, contextsAfter }: RunSummary, key: string): Known {
  return contextsAfter === undefined ? contexts?.[key] : contextsAfter[key];
}

function followed(known: Known, next: RunSummary, key: string, server: string | undefined): Known {
  const seen = next.contexts?.[key];
  if (seen === undefined) return known;
  const isSame = known === undefined ? next.server === server : seen === known;
  return isSame ? after(next, key) : known;
}
