import type { ReleaseName } from '../releases/catalogue.ts';
import {
  defaultEmulationGroup,
  kindOfOption,
  TREE_KINDS,
  treeOptionOf,
  treeSection,
  type TreeKind,
} from '../releases/default-trees.ts';
import type { DriverSection } from '../releases/driver-options.ts';
import { findOptionHistory, ldapOptionsOf, optionNameIn, optionStatus } from '../releases/ldap-options.ts';
import { effectiveDefault, type OptionHistory, type OptionValue } from '../releases/option-history.ts';
import { userFieldIn } from '../releases/user-fields.ts';
import { Secret } from '../secret.ts';
import { applyEdits, type ConfEdit } from './conf-edit.ts';
import type { ConfDocument } from './document.ts';
import { effectiveNamed, effectiveOption, effectiveTree, sameValue } from './effective-option.ts';
import { osloEdit } from './oslo-edit.ts';

/** The file as the older release reads it, and with the new names of its options. */
interface Upgraded {
  readonly before: ConfDocument;
  readonly after: ConfDocument;
  /** What LDAP served in the older one. */
  readonly inLdap: ReadonlySet<DriverSection>;
}

/**
 * Writes down what was in effect without a word and would be something else in the newer release: of what LDAP
 * serves only.
 */
export function pinnedDefaults(docs: Upgraded, from: ReleaseName, to: ReleaseName): readonly ConfEdit[] {
  const inLdap = (kind: TreeKind) => docs.inLdap.has(treeSection(from, kind));
  const options = ldapOptionsOf(to)
    .filter(({ name }) => inLdap(kindOfOption(name)))
    .flatMap(({ history }) => pinnedOption(docs, history, from, to) ?? []);
  const after = applyEdits(docs.after, options);
  const trees = TREE_KINDS.filter(inLdap).flatMap(
    (kind) => pinnedTree({ ...docs, after }, kind, from, to) ?? [],
  );
  const emulation = (['user', 'project'] as const)
    .filter(inLdap)
    .flatMap((kind) => pinnedEmulation({ ...docs, after }, kind, from, to) ?? []);
  return [...options, ...trees, ...emulation];
}

function pinnedOption(
  { after }: Upgraded,
  history: OptionHistory,
  from: ReleaseName,
  to: ReleaseName,
): ConfEdit | undefined {
  if (effectiveOption(after, to, history).setAs !== undefined) return undefined;
  const older = findOptionHistory('ldap', optionNameIn(from, history.name)) ?? history;
  const value = fieldsIn(to, history, effectiveDefault(older, from));
  if (value === undefined || sameValue(history.type, value, effectiveDefault(history, to))) return undefined;
  const text = String(value);
  return osloEdit(after, 'ldap', history.name, { value: history.secret ? new Secret(text) : text });
}

function fieldsIn(to: ReleaseName, { name }: OptionHistory, value: OptionValue): OptionValue {
  return name === 'user_attribute_ignore' && Array.isArray(value)
    ? value.map((field) => userFieldIn(to, String(field)))
    : value;
}

function pinnedTree(
  { before, after }: Upgraded,
  kind: TreeKind,
  from: ReleaseName,
  to: ReleaseName,
): ConfEdit | undefined {
  const option = treeOptionOf(to, kind);
  const isKnown = (release: ReleaseName) =>
    optionStatus(release, treeOptionOf(release, kind)).status === 'known';
  if (!isKnown(from) || !isKnown(to)) return undefined;
  if (effectiveNamed(after, to, option).setAs !== undefined) return undefined;
  const value = effectiveTree(before, from, kind);
  return sameValue('dn', value, effectiveTree(after, to, kind))
    ? undefined
    : osloEdit(after, 'ldap', option, { value });
}

/** Juno calls the group of enabled tenants by another name. */
function pinnedEmulation(
  { before, after }: Upgraded,
  kind: 'user' | 'project',
  from: ReleaseName,
  to: ReleaseName,
): ConfEdit | undefined {
  const option = optionNameIn(to, `${kind}_enabled_emulation_dn`);
  const [flag, dn] = ['', '_dn'].map((end) => optionNameIn(from, `${kind}_enabled_emulation${end}`));
  if (flag === undefined || dn === undefined) return undefined;
  if ([flag, dn].some((name) => optionStatus(from, name).status !== 'known')) return undefined;
  if (optionStatus(to, option).status !== 'known' || effectiveNamed(before, from, flag).value !== true)
    return undefined;
  if (effectiveNamed(after, to, option).setAs !== undefined) return undefined;
  const value = defaultEmulationGroup(from, kind, effectiveTree(before, from, kind));
  // The tree was pinned already where it changed, so that only the group's own name is left to differ.
  return sameValue('dn', value, defaultEmulationGroup(to, kind, effectiveTree(before, from, kind)))
    ? undefined
    : osloEdit(after, 'ldap', option, { value });
}
