import { equalDn } from '../directory/dn.ts';
import { valuesOf } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { emulationGroupDn } from '../identities/emulation-group.ts';
import { layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EnabledKind, Layout, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { KeystoneReader } from './keystone-reader.ts';
import { listRequest } from './list-request.ts';
import { MemberSet } from './member-set.ts';

/** How many entries Keystone lists, and how many of them it treats as enabled. */
export interface EnabledCount {
  readonly kind: EnabledKind;
  readonly all: number;
  readonly enabled: number;
}

export interface CountTarget {
  readonly layout: Layout;
  readonly trees: Trees;
}

/**
 * Lists the entries once. Those that a plan is about to enable count as enabled.
 * @throws `SIZE_LIMIT` where the server does not give all of them
 */
export async function countEnabled(
  directory: Session,
  kind: EnabledKind,
  target: CountTarget,
  willBe: (dn: string) => boolean = () => false,
): Promise<EnabledCount> {
  let [all, enabled] = [0, 0];
  const isEnabled = await enabledTest(directory, kind, target);
  const { rdn, enabled: form } = layoutOf(target.layout, kind);
  const group = form.kind === 'group' ? emulationGroupDn(kind, target) : undefined;
  const attributes = [rdn, ...(form.kind === 'attribute' ? [form.attribute] : [])];
  for await (const entry of directory.search(listRequest(kind, target, attributes))) {
    // The group may have the class of the entries that it is about, and is none of them to Keystone.
    if (group !== undefined && equalDn(entry.dn, group)) continue;
    all += 1;
    if (willBe(entry.dn) || (await isEnabled(entry))) enabled += 1;
  }
  return { kind, all, enabled };
}

type Test = (entry: Parameters<KeystoneReader['isEnabled']>[1]) => boolean | Promise<boolean>;

async function enabledTest(directory: Session, kind: EnabledKind, target: CountTarget): Promise<Test> {
  const { enabled: form } = layoutOf(target.layout, kind);
  const context = { ...target, idOf: (_: string, name: string) => name, placeOf: () => undefined };
  const reader = new KeystoneReader(directory, context);
  if (form.kind !== 'group') return async (entry) => (await reader.isEnabled(kind, entry)) !== false;
  // Read once, where Keystone asks for each: there may be as many members as users.
  const group = await directory.read(emulationGroupDn(kind, target), [form.members]);
  const members = new MemberSet(group === undefined ? [] : valuesOf(group, form.members), form.membersAre);
  return (entry) =>
    members.has(form.membersAre === 'ids' ? reader.idOf(kind, entry) : reader.emulatedDn(kind, entry));
}

/** The finding that nobody at all may log in, if somebody is there. */
export function everybodyDisabled(
  { kind, all, enabled }: EnabledCount,
  target: CountTarget,
): Finding | undefined {
  if (all === 0 || enabled > 0) return undefined;
  const { enabled: form } = layoutOf(target.layout, kind);
  const isGroup = form.kind === 'group';
  return {
    code: 'EVERYBODY_DISABLED',
    severity: 'error',
    subject: `${kind} tree ${treeOf(target.trees, kind)}`,
    count: all,
    message: isGroup
      ? `none of the ${all} ${kind}s that Keystone lists is a member of ${emulationGroupDn(kind, target)}, by which enabled is emulated; Keystone treats all of them as disabled`
      : `none of the ${all} ${kind}s that Keystone lists is enabled by ${form.kind === 'attribute' ? form.attribute : 'an attribute'}; Keystone treats all of them as disabled`,
    remedy: isGroup
      ? `Remove ${OPTION[kind]}_enabled_emulation from keystone.conf, or add the group with the ${kind}s that are enabled.`
      : 'Set user_enabled_attribute, user_enabled_default, user_enabled_invert and user_enabled_mask as the directory has it, or remove them.',
  };
}

/** What the options of Keystone call the kind. */
const OPTION: Readonly<Record<EnabledKind, string>> = { user: 'user', tenant: 'project', domain: 'domain' };
