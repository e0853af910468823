import { dnKey, equalDn, isWithin, parentDn } from '../directory/dn.ts';
import { hasObjectClass, valuesOf, type Entry } from '../directory/entry.ts';
import { anyOf, equal, present, type Filter } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import type { DirectorySign } from '../releases/choose-release.ts';
import type { Release } from '../releases/release.ts';
import { LEGACY_RELEASES } from '../releases/legacy.ts';
import { compareSchema } from '../schema/compare-schema.ts';
import { loadShippedSchema, SCHEMA_REVISIONS } from '../schema/shipped-schema.ts';
import { observeSchema } from './schema/observe-schema.ts';
import { namingContexts } from './plan-trees.ts';

/** Classes of people, of any directory. A subclass counts on servers that know it for one. */
export const PERSON_CLASSES = [
  ...['inetOrgPerson', 'organizationalPerson', 'person', 'account', 'posixAccount', 'user'],
] as const;

export const GROUP_CLASSES = ['groupOfNames', 'groupOfUniqueNames', 'posixGroup', 'group'] as const;

/** Classes that only a Keystone of 2011 gives to entries. */
const CLASSES_OF_2011: ReadonlySet<string> = new Set(
  LEGACY_RELEASES.flatMap(({ layout }) =>
    [layout.user, layout.tenant, layout.role, layout.grant].flatMap((one) => one?.marker ?? []),
  ),
);

/** Entries that only a Keystone of 2011 makes. */
export const OF_2011: Filter = anyOf(...[...CLASSES_OF_2011].map((name) => equal('objectClass', name)));

/** People, and the groups by which later releases tell who is enabled. */
const OF_OTHERS: Filter = anyOf(
  ...PERSON_CLASSES.map((name) => equal('objectClass', name)),
  ...['users', 'tenants', 'projects', 'domains'].map((kind) => equal('cn', `enabled_${kind}`)),
);

/** People whom no Keystone of 2011 reads, and the groups by which later ones tell who is enabled. */
export async function* entriesOfOthers(session: Session, base: string): AsyncGenerator<Entry> {
  const request = { base, scope: 'sub', filter: OF_OTHERS, attributes: ['objectClass'] } as const;
  for await (const entry of session.search(request)) if (isOfOthers(entry, base)) yield entry;
}

/** Those whom the release itself has made, and people of others, each with its classes and its name. */
export async function* people(session: Session, base: string, { layout }: Release): AsyncGenerator<Entry> {
  const { marker, rdn, nameAttribute = rdn } = layout.user;
  const filter = anyOf(...[...PERSON_CLASSES, marker].map((name) => equal('objectClass', name)));
  for await (const entry of session.search({
    base,
    scope: 'sub',
    filter,
    attributes: ['objectClass', nameAttribute],
  }))
    if (hasObjectClass(entry, marker) || isPerson(entry, base)) yield entry;
}

/** Whether a person, or a group, is none of a Keystone of 2011, and neither a computer nor an account of a program. */
export function isOfOthers(entry: Entry, base: string): boolean {
  return isPerson(entry, base) && ![...CLASSES_OF_2011].some((name) => hasObjectClass(entry, name));
}

/**
 * No computer, and no account of a program: an entry that can do little more than bind, right below the suffix or with
 * nothing but a password. The classes are looked at here: a server that does not know a class finds nothing by its absence.
 */
function isPerson(entry: Entry, base: string): boolean {
  const isOne = (names: readonly string[]): boolean => names.some((name) => hasObjectClass(entry, name));
  const isAccount = isOne(['person', 'account']) && !isOne(MORE_THAN_ACCOUNTS);
  const isAtTop = dnKey(entry.dn) !== dnKey(base) && equalDn(parentDn(entry.dn), base);
  const isProgram =
    (isOne(['simpleSecurityObject']) && !isOne(['person', ...MORE_THAN_ACCOUNTS])) || (isAccount && isAtTop);
  return !isOne(['computer']) && !isProgram;
}

/** What a person is and an account of a program seldom. */
const MORE_THAN_ACCOUNTS = ['inetOrgPerson', 'organizationalPerson', 'posixAccount', 'user'];

/** What the server shows below these suffixes, all that it has unless told. */
export async function directorySign(session: Session, suffix?: string): Promise<DirectorySign> {
  const bases = suffix === undefined ? await namingContexts(session) : [suffix];
  if (bases.length === 0) return { kind: 'used', why: `${session.uri} shows no suffix` };
  const used: string[] = [];
  for (const base of bases) used.push(...(await usedTreesAt(session, base)));
  if (used.length === 0) return { kind: 'blank' };
  const why = `there are entries below ${used.join(' and ')}`;
  const release = await loadedLegacyRelease(session);
  if (release === undefined) return { kind: 'used', why };
  for (const base of used)
    for await (const { dn } of entriesOfOthers(session, base))
      return { kind: 'used', why: `${why}, such as ${dn}` };
  return { kind: 'legacy', release };
}

/** The tree itself if it has entries; one that does not exist may be a mistyped part of a database that has some. */
async function usedTreesAt(session: Session, base: string): Promise<readonly string[]> {
  const entry = await session.read(base, ['hasSubordinates']);
  if (entry !== undefined) return (await hasEntries(session, entry)) ? [base] : [];
  const used: string[] = [];
  for (const context of await namingContexts(session))
    if (isWithin(base, context) && !equalDn(base, context))
      used.push(...(await usedTreesAt(session, context)));
  return used;
}

/** The server's own count is believed before the search, from which access rules may hide entries. */
async function hasEntries(session: Session, entry: Entry): Promise<boolean> {
  const [has] = valuesOf(entry, 'hasSubordinates');
  if (has !== undefined) return has.toUpperCase() !== 'FALSE';
  return (await firstBelow(session, entry.dn, present('objectClass'))) !== undefined;
}

/** An entry below this one that fits. */
async function firstBelow(session: Session, base: string, filter: Filter): Promise<string | undefined> {
  const request = { base, scope: 'sub', filter, attributes: ['1.1'], pageSize: 2 } as const;
  for await (const { dn } of session.search(request)) if (dnKey(dn) !== dnKey(base)) return dn;
  return undefined;
}

/** The release of 2011 whose schema the server has, if it is that of one only. */
async function loadedLegacyRelease(session: Session): Promise<string | undefined> {
  const present = await observeSchema(session);
  const loaded: string[] = [];
  for (const { name, accepted } of SCHEMA_REVISIONS)
    if (compareSchema(await loadShippedSchema(name), present, accepted).length === 0) loaded.push(name);
  const [revision, ...others] = loaded;
  if (revision === undefined || others.length > 0) return undefined;
  return LEGACY_RELEASES.find(({ schema }) => schema.kind === 'revision' && schema.revision === revision)
    ?.name;
}
