import { valuesOf, type Entry } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import { isWithin, parseDn } from '../../directory/dn.ts';
import type { Session } from '../../directory/session.ts';

/** A database as cn=config describes it; ordered values with their `{n}`, in their order. */
export interface ObservedDatabase {
  readonly dn: string;
  readonly suffixes: readonly string[];
  readonly rootDn: string | undefined;
  readonly access: readonly string[];
  readonly limits: readonly string[];
  /** Whether searches above its suffix go on into it (olcSubordinate). */
  readonly isSubordinate: boolean;
}

export interface ObservedDatabases {
  readonly databases: readonly ObservedDatabase[];
  /** The rules that follow those of every database. */
  readonly frontendAccess: readonly string[];
}

/** Reads all databases with an identity that may. */
export async function observeDatabases(config: Session): Promise<ObservedDatabases> {
  const entries: Entry[] = [];
  for await (const entry of config.search(DATABASES)) entries.push(entry);
  const frontend = entries.find((entry) => valuesOf(entry, 'olcDatabase')[0]?.endsWith('frontend'));
  return {
    databases: entries.map(toDatabase).filter(({ suffixes }) => suffixes.length > 0),
    frontendAccess: frontend === undefined ? [] : inOrder(valuesOf(frontend, 'olcAccess')),
  };
}

/** Whether a database holds entries of a tree: its top, or a part that is found from there. */
export function holdsPartOf(base: string, database: ObservedDatabase, suffixes: readonly string[]): boolean {
  const holder = suffixFor(base, suffixes);
  return database.suffixes.some(
    (suffix) => suffix === holder || (database.isSubordinate && isWithin(suffix, base)),
  );
}

/** The suffix under which a DN is kept: the longest, for a database may hold a part of another's tree. */
export function suffixFor(dn: string, suffixes: readonly string[]): string | undefined {
  return suffixes
    .filter((suffix) => isWithin(dn, suffix))
    .toSorted((a, b) => parseDn(b).length - parseDn(a).length)[0];
}

function toDatabase(entry: Entry): ObservedDatabase {
  return {
    dn: entry.dn,
    suffixes: valuesOf(entry, 'olcSuffix'),
    rootDn: valuesOf(entry, 'olcRootDN')[0],
    access: inOrder(valuesOf(entry, 'olcAccess')),
    limits: inOrder(valuesOf(entry, 'olcLimits')),
    isSubordinate: /^(?:TRUE|advertise)$/i.test(valuesOf(entry, 'olcSubordinate')[0] ?? ''),
  };
}

function inOrder(values: readonly string[]): readonly string[] {
  const indexOf = (value: string): number => Number(/^\{(\d+)\}/.exec(value)?.[1] ?? 0);
  return values.toSorted((a, b) => indexOf(a) - indexOf(b));
}

const DATABASES = {
  base: 'cn=config',
  scope: 'one',
  filter: equal('objectClass', 'olcDatabaseConfig'),
  attributes: ['olcDatabase', 'olcSuffix', 'olcRootDN', 'olcAccess', 'olcLimits', 'olcSubordinate'],
} as const;
