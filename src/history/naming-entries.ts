import { comparable } from '../directory/comparable.ts';
import { dnKey, equalDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { anyOf, equal } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import type { Change, ModifyEntry } from '../plan/change.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { Layout, Trees } from '../releases/release.ts';

interface Named {
  readonly dn: string;
}

/** The entries below the trees that have one of these as a member. */
export async function namedBy(
  session: Session,
  { trees, layout }: { readonly trees: Trees; readonly layout: Layout },
  gone: readonly Named[],
): Promise<readonly Entry[]> {
  const members = memberAttributes(layout);
  const attributes = [...members, 'entryCSN'];
  const bases = [...new Set(kindsIn(trees).map((kind) => treeOf(trees, kind)))];
  const found = new Map<string, Entry>();
  for (let at = 0; at < gone.length; at += AT_ONCE) {
    const some = gone.slice(at, at + AT_ONCE);
    const conditions = members.flatMap((name) =>
      some.map(({ dn }) => equal(name, memberOf(dn, name, layout))),
    );
    const filter = anyOf(...conditions);
    for (const base of bases)
      for await (const entry of session.search({ base, scope: 'sub', filter, attributes }))
        found.set(dnKey(entry.dn), entry);
  }
  return [...found.values()];
}

/** What makes an entry name none of those that go, beside what is planned for it anyway. */
export function withoutGone(
  entry: Entry,
  gone: readonly Named[],
  { layout, planned = [] }: { readonly layout: Layout; readonly planned?: readonly Change[] },
): readonly ModifyEntry[] {
  const before = planned.filter((change) => equalDn(change.dn, entry.dn));
  const plannedEdits = before.flatMap((change) => (change.kind === 'modify-entry' ? change.edits : []));
  const edits = memberAttributes(layout).flatMap((attribute) => {
    const form = (value: string): string => comparable(attribute, value);
    const going = new Set(gone.map(({ dn }) => form(memberOf(dn, attribute, layout))));
    const takenHere = new Set(
      plannedEdits.flatMap((edit) => (edit.attribute === attribute ? edit.remove.map(form) : [])),
    );
    const present = valuesOf(entry, attribute);
    const remove = present.filter((value) => going.has(form(value)) && !takenHere.has(form(value)));
    if (remove.length === 0) return [];
    const stays = present.filter((value) => !going.has(form(value)) && !takenHere.has(form(value)));
    const comes = plannedEdits.flatMap((edit) =>
      edit.attribute === attribute ? edit.add.filter((value) => !going.has(form(value))) : [],
    );
    // A group of names needs one member.
    const isEmptied = stays.length + comes.length === 0;
    const add = isEmptied && layout.placeholder !== undefined ? [layout.placeholder.dn] : [];
    return [{ attribute, remove, add }];
  });
  if (edits.length === 0) return [];
  const [csn] = before.length === 0 ? valuesOf(entry, 'entryCSN') : [];
  return [
    {
      kind: 'modify-entry',
      dn: entry.dn,
      label: 'names what goes',
      edits,
      ...(csn !== undefined && { csn }),
    },
  ];
}

/** Small enough for a filter that a server takes. */
const AT_ONCE = 50;

function memberAttributes({ user, tenant, role, group, grant }: Layout): readonly string[] {
  const enabled = [user, tenant].map((one) =>
    one?.enabled.kind === 'group' ? one.enabled.members : undefined,
  );
  const all = [tenant?.members, role?.members, group?.members, grant?.members, ...enabled];
  return [...new Set(all.filter((name) => name !== undefined))];
}

/** The value by which a group names an entry. */
function memberOf(dn: string, attribute: string, { group }: Layout): string {
  return group?.membersAre === 'ids' && group.members === attribute ? rdnOf(dn).value : dn;
}
