import { dnKey, equalDn, isDn, isWithin, parentDn } from '../../directory/dn.ts';
import type { Entry } from '../../directory/entry.ts';
import { present } from '../../directory/filter.ts';
import { formatLdif, type LdifEntry } from '../../directory/format-ldif.ts';
import type { Session } from '../../directory/session.ts';
import { kindsIn, mappedAttributes, treeOf } from '../../releases/layout-of.ts';
import type { SchemaElement } from '../../schema/definition.ts';
import type { Backend } from '../backend.ts';
import { demandedBy } from '../class-attributes.ts';
import type { Finding } from '../finding.ts';
import type { Pseudonyms } from './pseudonyms.ts';

export interface EntriesSource {
  readonly backend: Backend;
  readonly session: Session;
  readonly schema: readonly SchemaElement[];
  readonly names: Pseudonyms;
  readonly suffixes: readonly string[];
  readonly findings: readonly Finding[];
}

/** Beyond those that findings name, so many of each tree. */
const MOST = 200;

/** The containers, and the entries that the findings are about with some others, under other names and without passwords. */
export async function reproducedEntries(source: EntriesSource): Promise<string> {
  const found = new Map<string, Entry>();
  for await (const entry of concerned(source)) {
    found.set(dnKey(entry.dn), entry);
    for (const above of await containersAbove(entry.dn, found, source)) found.set(dnKey(above.dn), above);
  }
  const entries = [...found.values()]
    .filter(({ dn }) => !source.suffixes.some((suffix) => equalDn(dn, suffix)))
    .toSorted((a, b) => depth(a.dn) - depth(b.dn));
  return entries.length === 0 ? '' : formatLdif(entries.map((entry) => reproduced(entry, source)));
}

const depth = (dn: string): number => dnKey(dn).split(/(?<!\\),/).length;

async function* concerned({ backend, session, findings }: EntriesSource): AsyncGenerator<Entry> {
  const texts = findings.map(({ subject, message }) => `${subject} ${message}`).join('\n');
  for (const kind of kindsIn(backend.trees)) {
    const base = treeOf(backend.trees, kind);
    if (!isDn(base) || (await session.read(base, ['1.1'])) === undefined) continue;
    let count = 0;
    const request = { base, scope: 'sub', filter: present('objectClass'), pageSize: 500 } as const;
    for await (const entry of session.search({
      ...request,
      attributes: ['*', ...mappedAttributes(backend.release.layout)],
    }))
      if ((count += 1) <= MOST || texts.includes(entry.dn)) yield entry;
  }
}

async function containersAbove(
  dn: string,
  found: ReadonlyMap<string, Entry>,
  { session, suffixes }: EntriesSource,
): Promise<readonly Entry[]> {
  const above: Entry[] = [];
  for (
    let at = parentDn(dn);
    suffixes.some((suffix) => isWithin(at, suffix)) && !found.has(dnKey(at));
    at = parentDn(at)
  ) {
    const entry = await session.read(at, ['*']);
    if (entry !== undefined) above.push(entry);
    if (suffixes.some((suffix) => equalDn(at, suffix))) break;
  }
  return above;
}

function reproduced(entry: Entry, { backend, schema, names }: EntriesSource): LdifEntry {
  const { layout } = backend.release;
  const classes = valuesByName(entry, 'objectclass');
  const kept = new Set([
    ...['objectclass', ...mappedAttributes(layout).map((name) => name.toLowerCase())],
    ...classes.flatMap((one) => [...demandedBy(one, schema)]),
  ]);
  kept.delete(layout.user.passwordAttribute.toLowerCase());
  kept.delete('userpassword');
  const [flags, attributes] = [flagsOf(backend), {} as Record<string, readonly string[]>];
  for (const [name, values] of Object.entries(entry.attributes)) {
    const key = name.toLowerCase();
    if (!kept.has(key) && !isNaming(entry.dn, key)) continue;
    attributes[name] =
      key === 'objectclass' || flags.has(key)
        ? values.filter((one) => key === 'objectclass' || /^(?:true|false|\d+)$/i.test(one))
        : values.map((value) => names.text(value));
  }
  return { dn: names.dn(entry.dn), attributes };
}

function isNaming(dn: string, attribute: string): boolean {
  return dnKey(dn).split(',')[0]?.split('=')[0]?.toLowerCase() === attribute;
}

function valuesByName({ attributes }: Entry, wanted: string): readonly string[] {
  return Object.entries(attributes).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? [];
}

/** The attribute that says who is enabled: what it says counts, and names nobody. */
function flagsOf({ options }: Backend): ReadonlySet<string> {
  const named = options['user_enabled_attribute'];
  return new Set(typeof named === 'string' ? [named.toLowerCase()] : []);
}
