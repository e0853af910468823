import { dnKey, equalDn, foldCase, isDn, isWithin, parentDn } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { present } from '../../directory/filter.ts';
import type { Session } from '../../directory/session.ts';
import { kindsIn, treeOf } from '../../releases/layout-of.ts';
import type { EntryKind } from '../../releases/release.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';
import { dnsOf } from './reproduced-conf.ts';

export interface EntriesSource {
  readonly backend: Backend;
  readonly session: Session;
  readonly suffixes: readonly string[];
  readonly findings: readonly Finding[];
  /** What is asked for besides all user attributes: any may be operational. */
  readonly attributes: readonly string[];
}

/** Beyond those that findings name, so many of each tree. */
const MOST = 200;

/** The containers, the entries that the findings are about, some others, and those that they name as members; superior ones first. */
export async function concernedEntries(source: EntriesSource): Promise<readonly Entry[]> {
  const found = new Map<string, Entry>();
  const leftOut = new LeftOut();
  for (const kind of kindsIn(source.backend.trees))
    for await (const entry of entriesOfTree(kind, source, leftOut)) found.set(dnKey(entry.dn), entry);
  await addNamed(found, leftOut, source);
  for (const { dn } of [...found.values()])
    for (const above of await containersAbove(dn, found, source)) found.set(dnKey(above.dn), above);
  return [...found.values()]
    .filter(({ dn }) => !source.suffixes.some((suffix) => equalDn(dn, suffix)))
    .map((entry) => leftOut.withoutThem(entry, source.backend))
    .toSorted((a, b) => depth(a.dn) - depth(b.dn));
}

const depth = (dn: string): number => dnKey(dn).split(/(?<!\\),/).length;

/** The entries of a tree that are too many: a group is not to have members that the report lacks. */
class LeftOut {
  readonly #keys = new Set<string>();
  #stays: Entry | undefined;

  add({ dn }: Entry): void {
    this.#keys.add(dnKey(dn));
  }

  stays(entry: Entry): void {
    this.#stays ??= entry;
  }

  has(dn: string): boolean {
    return this.#keys.has(dnKey(dn));
  }

  withoutThem(entry: Entry, { release }: Backend): Entry {
    if (this.#keys.size === 0) return entry;
    const names = new Set(membersIn(release.layout).map(foldCase));
    const attributes = Object.entries(entry.attributes).map(([name, values]) => {
      if (!names.has(foldCase(name))) return [name, values] as const;
      const kept = values.filter((value) => !isDn(value) || !this.has(value));
      const isEmptied = kept.length === 0 && values.length > 0 && this.#stays !== undefined;
      return [name, isEmptied ? [this.#stays?.dn ?? ''] : kept] as const;
    });
    return { ...entry, attributes: Object.fromEntries(attributes) };
  }
}

function membersIn({ group, tenant, role, grant }: Backend['release']['layout']): readonly string[] {
  return [group?.members, tenant?.members, role?.members, grant?.members].filter(
    (name) => name !== undefined,
  );
}

async function* entriesOfTree(
  kind: EntryKind,
  { backend, session, findings, attributes }: EntriesSource,
  leftOut: LeftOut,
): AsyncGenerator<Entry> {
  const texts = findings.map(({ subject, message }) => `${subject} ${message}`).join('\n');
  const base = treeOf(backend.trees, kind);
  if (!isDn(base) || (await session.read(base, ['1.1'])) === undefined) return;
  let count = 0;
  const request = { base, scope: 'sub', filter: present('objectClass'), pageSize: 500 } as const;
  for await (const entry of session.search({ ...request, attributes }))
    if ((count += 1) <= MOST || texts.includes(entry.dn)) {
      if (kind === 'user' && !equalDn(entry.dn, base)) leftOut.stays(entry);
      yield entry;
    } else leftOut.add(entry);
}

/** Whether a member is there, and what it is, is what some findings are about, wherever it is. */
async function addNamed(
  found: Map<string, Entry>,
  leftOut: LeftOut,
  { backend, session, attributes }: EntriesSource,
): Promise<void> {
  const members = membersIn(backend.release.layout);
  const named = [...found.values()].flatMap((entry) => members.flatMap((name) => valuesOf(entry, name)));
  const dns = [...dnsOf(backend.doc), ...named].filter(isDn);
  const wanted = new Map(dns.map((dn) => [dnKey(dn), dn]));
  let count = 0;
  for (const [key, dn] of wanted) {
    if (found.has(key) || leftOut.has(dn) || (count += 1) > MOST) continue;
    const entry = await session.read(dn, attributes);
    if (entry !== undefined) found.set(key, entry);
  }
}

async function containersAbove(
  dn: string,
  found: ReadonlyMap<string, Entry>,
  { session, suffixes, attributes }: EntriesSource,
): Promise<readonly Entry[]> {
  const above: Entry[] = [];
  for (
    let at = parentDn(dn);
    suffixes.some((suffix) => isWithin(at, suffix)) && !found.has(dnKey(at));
    at = parentDn(at)
  ) {
    // One that the account does not see is there all the same.
    above.push((await session.read(at, attributes)) ?? { dn: at, attributes: {} });
    if (suffixes.some((suffix) => equalDn(at, suffix))) break;
  }
  return above;
}
