import { foldCase } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import { anyOf, present } from '../../directory/filter.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import { allowedBy, knowsAttribute } from '../class-attributes.ts';
import type { Finding } from '../finding.ts';
import { keystoneFilter } from '../list-request.ts';
import { optionSubject } from '../option-place.ts';
import type { EntryContext, MakeEntryCheck } from './check.ts';

/** Whether the attribute of the members is that of the groups' class: `member` by default, whatever the class is. */
export const memberAttribute: MakeEntryCheck = (context) => {
  const { members } = layoutOf(context.backend.release.layout, context.kind);
  let [all, withMembers] = [0, 0];
  return {
    see(entry) {
      all += 1;
      if (members !== undefined && valuesOf(entry, members).length > 0) withMembers += 1;
    },
    async *findings(): AsyncGenerator<Finding> {
      if (context.kind === 'group' && members !== undefined && all > 0 && withMembers === 0)
        yield* unfitting(context, members, all);
    },
  };
};

/** What the members are in, by RFC 4519 and RFC 2307, and whether they are ids there. */
const MEMBER_ATTRIBUTES = [
  { attribute: 'member', areIds: false },
  { attribute: 'uniqueMember', areIds: false },
  { attribute: 'memberUid', areIds: true },
] as const;

async function* unfitting(context: EntryContext, members: string, count: number): AsyncGenerator<Finding> {
  const { backend, schema } = context;
  // That the server does not know the attribute is a finding of its own.
  if (!knowsAttribute(schema, members)) return;
  const { marker, membersAre } = layoutOf(backend.release.layout, 'group');
  const allowed = allowedBy(marker, schema);
  const isAllowed = allowed.size === 0 || allowed.has(foldCase(members));
  const used = await usedAttribute(context, members);
  if (isAllowed && used === undefined) return;
  const fitting = used ?? MEMBER_ATTRIBUTES.find(({ attribute }) => allowed.has(foldCase(attribute)));
  const who = count === 1 ? 'the only group has no' : `none of ${count} groups has`;
  const why = [
    isAllowed ? [] : `${marker} does not allow it`,
    used === undefined ? [] : `the members are in ${used.attribute}`,
  ].flat();
  yield {
    ...{ code: 'MEMBER_ATTRIBUTE', severity: 'error', count },
    subject: optionSubject(backend.doc, 'ldap', 'group_member_attribute'),
    message: `${who} ${members} (${why.join('; ')}); Keystone treats ${count === 1 ? 'it' : 'all of them'} as empty`,
    remedy: remedyFor(fitting, membersAre),
  };
}

function remedyFor(
  fitting: (typeof MEMBER_ATTRIBUTES)[number] | undefined,
  membersAre: 'dns' | 'ids',
): string {
  if (fitting === undefined)
    return 'Decide which attribute of these groups holds their members, and name it in group_member_attribute.';
  const set = `Set group_member_attribute = ${fitting.attribute}`;
  if (fitting.areIds === (membersAre === 'ids')) return `${set}.`;
  return `${set} and group_members_are_ids = ${fitting.areIds ? 'True' : 'False'}.`;
}

/** The other attribute that one of these groups has members in. */
async function usedAttribute(
  { backend, session, schema }: EntryContext,
  members: string,
): Promise<(typeof MEMBER_ATTRIBUTES)[number] | undefined> {
  const others = MEMBER_ATTRIBUTES.filter(
    ({ attribute }) => foldCase(attribute) !== foldCase(members) && knowsAttribute(schema, attribute),
  );
  if (others.length === 0) return undefined;
  const layout = layoutOf(backend.release.layout, 'group');
  const condition = anyOf(...others.map(({ attribute }) => present(attribute)));
  const filter = keystoneFilter(layout, layout.filter ?? '', condition);
  const request = {
    base: backend.trees.group ?? '',
    scope: backend.release.layout.scope,
    filter,
    pageSize: 1,
  };
  for await (const entry of session.search({
    ...request,
    attributes: others.map(({ attribute }) => attribute),
  }))
    return others.find(({ attribute }) => valuesOf(entry, attribute).length > 0);
  return undefined;
}
