import { readMappedOption } from '../keystone-conf/modern/mapped-option.ts';
import { GROUP_CLASSES } from '../plan/directory-sign.ts';
import { findInCatalogue } from '../releases/catalogue.ts';
import type { Release } from '../releases/release.ts';
import type { FoundPeople, FoundTree, Traits } from './find-people.ts';

/** How a release is told to read people as they are: `option=value`, as `--map` takes them. */
export function proposedMapping(
  { people: [people], groups: [groups] }: Pick<FoundPeople, 'people' | 'groups'>,
  release: Release,
): readonly string[] {
  const entry = release.conf.kind === 'oslo' ? findInCatalogue(release.name) : undefined;
  if (entry === undefined || people === undefined) return [];
  const pairs = [
    ...userOptions(people),
    ...(groups === undefined ? [] : groupOptions(groups)),
    ...(people.isDeep || groups?.isDeep === true ? [['query_scope', 'sub'] as const] : []),
  ];
  return pairs
    .filter(([name, value]) => !('fault' in readMappedOption(name, value, entry.name)))
    .map(([name, value]) => `${name}=${value}`);
}

type Pair = readonly [name: string, value: string];

/** The most telling class that all of them have. */
const USER_CLASSES = ['inetOrgPerson', 'organizationalPerson', 'person', 'posixAccount', 'account', 'user'];

function userOptions(tree: FoundTree): readonly Pair[] {
  if (has(tree, 'attributes', 'sAMAccountName')) return ACTIVE_DIRECTORY;
  const objectClass = commonClass(tree, USER_CLASSES);
  const rdn = usual(tree.traits.rdns);
  const name = has(tree, 'attributes', 'uid') ? 'uid' : undefined;
  return [
    ...(objectClass === 'inetOrgPerson' ? [] : [['user_objectclass', objectClass] as const]),
    ...(rdn === 'cn' || rdn === undefined ? [] : [['user_id_attribute', rdn] as const]),
    ...(name !== undefined
      ? [['user_name_attribute', name] as const]
      : rdn !== 'cn' && rdn !== undefined
        ? [['user_name_attribute', rdn] as const]
        : []),
  ];
}

/** A disabled account there has the bit 2 of a number. */
const ACTIVE_DIRECTORY: readonly Pair[] = [
  ['user_objectclass', 'organizationalPerson'],
  ['user_id_attribute', 'sAMAccountName'],
  ['user_name_attribute', 'sAMAccountName'],
  ['user_enabled_attribute', 'userAccountControl'],
  ['user_enabled_mask', '2'],
  ['user_enabled_default', '512'],
];

const MEMBERS: Readonly<Record<string, readonly Pair[]>> = {
  groupOfUniqueNames: [['group_member_attribute', 'uniqueMember']],
  posixGroup: [
    ['group_member_attribute', 'memberUid'],
    ['group_members_are_ids', 'true'],
  ],
};

function groupOptions(tree: FoundTree): readonly Pair[] {
  const objectClass = commonClass(tree, GROUP_CLASSES);
  return [
    ...(objectClass === 'groupOfNames' ? [] : [['group_objectclass', objectClass] as const]),
    ...(has(tree, 'attributes', 'ou') ? [] : [['group_name_attribute', 'cn'] as const]),
    ...(MEMBERS[objectClass] ?? []),
  ];
}

function commonClass(tree: FoundTree, classes: readonly string[]): string {
  const counts = classes.map((name) => tree.traits.classes.get(name.toLowerCase()) ?? 0);
  const most = Math.max(...counts);
  return classes[counts.indexOf(most)] ?? classes[0] ?? '';
}

function has({ traits, count }: FoundTree, of: keyof Traits, name: string): boolean {
  return traits[of].get(name.toLowerCase()) === count;
}

function usual(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
