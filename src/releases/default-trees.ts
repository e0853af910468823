import { isSince, type ReleaseName } from './catalogue.ts';
import { optionNameIn } from './ldap-options.ts';
import { servingSection, type DriverSection } from './driver-options.ts';

/** The kinds of entries that have a tree of their own. */
export const TREE_KINDS = ['user', 'group', 'project', 'role', 'domain'] as const;
export type TreeKind = (typeof TREE_KINDS)[number];

const RDNS: Readonly<Record<TreeKind, string>> = {
  user: 'ou=Users',
  group: 'ou=UserGroups',
  project: 'ou=Groups',
  role: 'ou=Roles',
  domain: 'ou=Domains',
};

/** Essex put suffix and container together the wrong way round. */
const REVERSED: readonly ReleaseName[] = ['2012.1'];

/** Where the release looks for entries when no option tells it. */
export function defaultTree(release: ReleaseName, kind: TreeKind, suffix: string): string {
  return REVERSED.includes(release) ? `${suffix},${RDNS[kind]}` : usualTree(kind, suffix);
}

/** Where entries belong by Keystone's convention: what {@link defaultTree} is in all releases but Essex. */
export function usualTree(kind: TreeKind, suffix: string): string {
  return `${RDNS[kind]},${suffix}`;
}

/** The group whose members are enabled, where `enabled` is emulated and no option names the group. */
export function defaultEmulationGroup(
  release: ReleaseName,
  kind: 'user' | 'project' | 'domain',
  tree: string,
): string {
  const what = kind === 'project' && !isSince(release, '2014.2') ? 'tenant' : kind;
  return `cn=enabled_${what}s,${tree}`;
}

export function treeOptionOf(release: ReleaseName, kind: TreeKind): string {
  return optionNameIn(release, `${kind}_tree_dn`);
}

/** The section whose driver decides whether entries of this kind are in LDAP. */
export function treeSection(release: ReleaseName, kind: TreeKind): DriverSection {
  return servingSection(release, SECTIONS[kind]);
}

/** The kind of entries that an option of `[ldap]` is about; those about all count as about users. */
export function kindOfOption(option: string): TreeKind {
  if (option.startsWith('tenant_')) return 'project';
  return TREE_KINDS.find((kind) => option.startsWith(`${kind}_`)) ?? 'user';
}

const SECTIONS: Readonly<Record<TreeKind, DriverSection>> = {
  user: 'identity',
  group: 'identity',
  project: 'resource',
  role: 'role',
  domain: 'resource',
};
