import type { ReleaseName } from '../../releases/catalogue.ts';
import {
  defaultEmulationGroup,
  kindOfOption,
  TREE_KINDS,
  treeOptionOf,
  treeSection,
  type TreeKind,
} from '../../releases/default-trees.ts';
import type { DriverSection } from '../../releases/driver-options.ts';
import {
  findOptionHistory,
  LDAP_OPTIONS,
  ldapOptionsOf,
  optionNameIn,
  optionStatus,
} from '../../releases/ldap-options.ts';
import {
  addedIn,
  effectiveDefault,
  isHeeded,
  type OptionHistory,
  type OptionValue,
} from '../../releases/option-history.ts';
import { userFieldIn } from '../../releases/user-fields.ts';
import { Secret } from '../../secret.ts';
import { applyEdits, type ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveNamed, effectiveOption, effectiveTree, sameValue } from '../modern/effective-option.ts';
import { findOptions } from '../document/option-value.ts';
import { osloEdit } from '../modern/oslo-edit.ts';
import type { UpgradeNote, UpgradePart } from './upgrade-plan.ts';

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
export function pinnedDefaults(docs: Upgraded, from: ReleaseName, to: ReleaseName): UpgradePart {
  const inLdap = (kind: TreeKind) => docs.inLdap.has(treeSection(from, kind));
  const served = (history: OptionHistory) => inLdap(kindOfOption(history.name));
  const known = ldapOptionsOf(to).map(({ history }) => history);
  const ahead = aheadOf(from, to).filter(served);
  const options = [...known.filter(served), ...ahead].flatMap(
    (history) => pinnedOption(docs, history, from, to) ?? [],
  );
  const after = applyEdits(docs.after, options);
  const trees = TREE_KINDS.filter(inLdap).flatMap(
    (kind) => pinnedTree({ ...docs, after }, kind, from, to) ?? [],
  );
  const emulation = (['user', 'project'] as const)
    .filter(inLdap)
    .flatMap((kind) => pinnedEmulation({ ...docs, after }, kind, from, to) ?? []);
  return {
    edits: [...options, ...trees, ...emulation],
    notes: [
      ...ahead.map((history) => aheadNote(history, from, to)),
      ...known.filter(served).flatMap((history) => heededNote(docs, history, from, to) ?? []),
      ...accountNotes(docs, options, from),
    ],
  };
}

/**
 * Options that only a release after `to` has, while `to` does without them what `from` did not. They are written down all
 * the same: step by step, an upgrade then ends where it ends in one leap.
 */
function aheadOf(from: ReleaseName, to: ReleaseName): readonly OptionHistory[] {
  return LDAP_OPTIONS.filter(
    (history) =>
      optionNameIn(to, history.name) === history.name &&
      optionStatus(to, history.name).status === 'not yet' &&
      !sameValue(history.type, effectiveDefault(history, from), effectiveDefault(history, to)),
  );
}

function aheadNote(history: OptionHistory, from: ReleaseName, to: ReleaseName): UpgradeNote {
  const [before, now] = [from, to].map((release) => shown(effectiveDefault(history, release)));
  const message = `[ldap] ${history.name}: ${to} has no such option and goes by ${now}, where ${from} went by ${before}. ${addedIn(history)} reads it again.`;
  return { code: 'NOT_EXPRESSIBLE', message };
}

function shown(value: OptionValue): string {
  const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
  return text === '' ? 'nothing' : `"${text}"`;
}

/** Where the older release read the option and did something else. */
function heededNote(
  { before }: Upgraded,
  history: OptionHistory,
  from: ReleaseName,
  to: ReleaseName,
): UpgradeNote | undefined {
  if (isHeeded(history, from) || !isHeeded(history, to)) return undefined;
  const line = findOptions(before, 'ldap', history.name).at(-1)?.line;
  const value = shown(effectiveDefault(history, from));
  if (line === undefined || effectiveOption(before, to, history).value === effectiveDefault(history, from))
    return undefined;
  const message = `[ldap] ${history.name}: ${from} went by ${value} whatever the file says, and ${to} heeds it; it is set to ${value}.`;
  return { code: 'OPTION_BEGINS', message, line: line + 1 };
}

/** Essex cannot bind without an account, and Folsom has one by default that nobody meant. */
function accountNotes(
  { after }: Upgraded,
  edits: readonly ConfEdit[],
  from: ReleaseName,
): readonly UpgradeNote[] {
  const missing = edits.flatMap(({ option }) =>
    findOptionHistory('ldap', option)?.emptyIsNone === true &&
    effectiveNamed(after, from, option).value === undefined
      ? [option]
      : [],
  );
  if (missing.length === 0) return [];
  const message = `[ldap] ${missing.join(' and ')}: not set, so that ${from} cannot bind; they stay empty, because the newer release has an account by default. Set them.`;
  return [{ code: 'ACCOUNT_MISSING', message }];
}

function pinnedOption(
  { after }: Upgraded,
  history: OptionHistory,
  from: ReleaseName,
  to: ReleaseName,
): ConfEdit | undefined {
  const { setAs, value: now } = effectiveOption(after, to, history);
  if (setAs !== undefined && isHeeded(history, from)) return undefined;
  const older = findOptionHistory('ldap', optionNameIn(from, history.name)) ?? history;
  const value = fieldsIn(to, history, effectiveDefault(older, from));
  if (sameValue(history.type, value, now)) return undefined;
  if (value === undefined && !history.emptyIsNone) return undefined;
  const text = String(value ?? '');
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
  if (isNamed(after, to, option)) return undefined;
  const value = effectiveTree(before, from, kind);
  return sameValue('dn', value, effectiveTree(after, to, kind))
    ? undefined
    : osloEdit(after, 'ldap', option, { value });
}

/** Whether the file names a DN: Keystone treats an empty one as none. */
function isNamed(doc: ConfDocument, release: ReleaseName, option: string): boolean {
  const { setAs, value } = effectiveNamed(doc, release, option);
  return setAs !== undefined && value !== '';
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
  if (isNamed(after, to, option)) return undefined;
  const value = defaultEmulationGroup(from, kind, effectiveTree(before, from, kind));
  // The tree was pinned already where it changed, so that only the group's own name is left to differ.
  return sameValue('dn', value, defaultEmulationGroup(to, kind, effectiveTree(before, from, kind)))
    ? undefined
    : osloEdit(after, 'ldap', option, { value });
}
