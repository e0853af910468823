import { equalDn } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { EnabledModel } from '../identities/entries/enabled-model.ts';
import { emulationGroupDn } from '../identities/entries/emulation-group.ts';
import { localId } from '../identities/entries/local-id.ts';
import { enabledAttribute, layoutOf, treeOf } from '../releases/layout-of.ts';
import type { EnabledKind, Layout, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { KeystoneDriver, type Shown } from './keystone-driver.ts';
import { listRequest } from './list-request.ts';

/** How many entries Keystone lists, and how many of them it treats as enabled. */
export interface EnabledCount {
  readonly kind: EnabledKind;
  readonly all: number;
  readonly enabled: number;
}

export interface CountTarget {
  readonly layout: Layout;
  readonly trees: Trees;
  /** As for {@link KeystoneDriver}. */
  readonly pageSize?: number | undefined;
  /** With so many that are enabled no other is asked about, and none counts. */
  readonly enough?: number;
}

/**
 * Lists the entries once. Those that a plan is about to enable count as enabled.
 * @throws `SIZE_LIMIT` where the server does not give all of them, `KEYSTONE_FAILS` where Keystone does not list them
 */
export async function countEnabled(
  directory: Session,
  kind: EnabledKind,
  target: CountTarget,
  willBe: (dn: string) => boolean = () => false,
): Promise<EnabledCount> {
  let [all, enabled] = [0, 0];
  const { enough = Number.POSITIVE_INFINITY } = target;
  const model = new EnabledModel(directory, target);
  const layout = layoutOf(target.layout, kind);
  const group = layout.enabled.kind === 'group' ? emulationGroupDn(kind, target) : undefined;
  for await (const { entry, id } of listed(directory, kind, target)) {
    // The group may have the class of the entries that it is about, and is none of them to Keystone.
    if (group !== undefined && equalDn(entry.dn, group)) continue;
    all += 1;
    if (enabled >= enough) continue;
    if (willBe(entry.dn) || (await model.isEnabled(kind, entry, id))) enabled += 1;
  }
  return { kind, all, enabled };
}

/** Users from Essex on by the searches of the driver; all others as their entries come. */
async function* listed(
  directory: Session,
  kind: EnabledKind,
  target: CountTarget,
): AsyncGenerator<Pick<Shown, 'entry' | 'id'>> {
  const layout = layoutOf(target.layout, kind);
  const { rdn, nameAttribute, enabled } = layout;
  const masked = kind === 'user' ? target.layout.user.masked?.attribute : undefined;
  const attributes = [rdn, nameAttribute, enabledAttribute(enabled), masked].filter(
    (name) => name !== undefined,
  );
  if (kind === 'user' && target.layout.lookup !== 'dn')
    yield* new KeystoneDriver(directory, target).list('user', attributes);
  else
    for await (const entry of directory.search(listRequest(kind, target, attributes)))
      yield { entry, id: localId(entry, layout, target.layout.lookup) };
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
      ? `Decide who is enabled: remove ${OPTION[kind]}_enabled_emulation from keystone.conf, or add the group with the ${kind}s that are.`
      : 'Decide what says who is enabled, and set user_enabled_attribute, user_enabled_default, user_enabled_invert and user_enabled_mask so, or remove them.',
  };
}

/** What the options of Keystone call the kind. */
const OPTION: Readonly<Record<EnabledKind, string>> = { user: 'user', tenant: 'project', domain: 'domain' };
