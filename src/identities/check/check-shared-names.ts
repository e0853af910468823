import { dnKey, equalDn, foldCase } from '../../directory/dn.ts';
import { kindsIn, layoutOf, treeOf } from '../../releases/layout-of.ts';
import type { EntryKind, Layout, Trees } from '../../releases/release.ts';
import type { NameFault } from './name-fault.ts';
import type { NamedItem } from './named-item.ts';
import { formatPosition } from '../read/source.ts';

/** Names and ids that are one for LDAP, which tells neither case nor runs of spaces apart (RFC 4517 section 4.2.11). */
export function checkSharedNames(items: readonly NamedItem[], { layout, trees }: Place): NameFault[] {
  const oneEntry = pairsBy(items, entryKeys({ layout, trees }));
  const oneName = pairsBy(items, ({ kind, name }) => `${kind} ${foldCase(name)}`);
  return [
    ...oneEntry.map(sharedEntry),
    // Where the id is the name, the two are one entry already.
    ...oneName.filter(([, { idIsName }]) => !idIsName).map(sharedName),
  ];
}

/** The same of many users, who come a few at a time, with the items of other kinds that are in their tree. */
export function sharedWithUsers(
  others: readonly NamedItem[],
  place: Place,
): (users: readonly NamedItem[]) => NameFault[] {
  const keyOf = entryKeys(place);
  const inTree = others.filter(({ kind }) => equalDn(treeOf(place.trees, kind), treeOf(place.trees, 'user')));
  const known = new Map(inTree.map((item) => [keyOf(item), item]));
  known.delete(undefined);
  return (users) =>
    users.flatMap((user) => {
      const other = known.get(keyOf(user));
      if (other === undefined) return [];
      return sharedEntry(WRITTEN_FIRST.has(other.kind) ? [other, user] : [user, other]);
    });
}

interface Place {
  readonly layout: Layout;
  readonly trees: Trees;
}

/** What is written before users. */
const WRITTEN_FIRST: ReadonlySet<EntryKind> = new Set(['domain', 'tenant']);

function entryKeys({ layout, trees }: Place): (item: NamedItem) => string | undefined {
  const bases = new Map(
    kindsIn(trees).map((kind) => [kind, `${layoutOf(layout, kind).rdn} in ${dnKey(treeOf(trees, kind))}`]),
  );
  return ({ kind, id }) => (id === undefined ? undefined : `${foldCase(id)} as ${bases.get(kind) ?? kind}`);
}

type Pair = readonly [first: NamedItem, second: NamedItem];

function sharedEntry([first, second]: Pair): NameFault {
  const sameKind = first.kind === second.kind;
  return {
    code: !sameKind ? 'NAME_SHARED_IN_TREE' : second.idIsName ? 'NAME_EQUAL_IN_LDAP' : 'ID_TAKEN',
    severity: 'impossible',
    at: second.at.id,
    message: `${second.subject} would be the same entry as ${first.subject}${declaredAt(first)}`,
  };
}

function sharedName([first, second]: Pair): NameFault {
  return {
    code: 'NAME_EQUAL_IN_LDAP',
    severity: 'unsafe',
    at: second.at.name,
    message: `${second.subject} and ${first.subject}${declaredAt(first)} are one name for LDAP: Keystone would always take the same of the two`,
  };
}

/** Each item with the first before it that has the same key. What is declared twice is no matter of names. */
function pairsBy(items: readonly NamedItem[], key: (item: NamedItem) => string | undefined): Pair[] {
  const first = new Map<string, NamedItem>();
  return items.flatMap((item): Pair[] => {
    const itsKey = key(item);
    if (itsKey === undefined) return [];
    const earlier = first.get(itsKey);
    if (earlier === undefined) first.set(itsKey, item);
    return earlier === undefined || earlier.subject === item.subject ? [] : [[earlier, item]];
  });
}

function declaredAt({ at }: NamedItem): string {
  return at.name === undefined ? '' : ` (${formatPosition(at.name)})`;
}
