import type { ReleaseName } from '../../releases/catalogue.ts';
import { neededOptions } from '../../releases/connection-rules.ts';
import {
  TREE_KINDS,
  treeOptionOf,
  treeSection,
  usualTree,
  type TreeKind,
} from '../../releases/default-trees.ts';
import type { DriverSection } from '../../releases/driver-options.ts';
import { findOptionHistory, optionNameIn, optionStatus } from '../../releases/ldap-options.ts';
import { declaredDefault } from '../../releases/option-history.ts';
import { Secret } from '../../secret.ts';
import { applyEdits, type ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveDriver } from './driver-edits.ts';
import { effectiveNamed, effectiveSuffix, effectiveTree, sameValue } from './effective-option.ts';
import { DEFAULT_ORIGIN, type Assumed, type KeptSetting } from '../kept-setting.ts';
import type { ModernConfSettings } from './modern-settings.ts';
import { optionValue } from '../document/option-value.ts';
import { osloEdit } from './oslo-edit.ts';
import { readTyped } from './oslo-value.ts';

/** An option of `[ldap]` in this release, with the value as Keystone shall get it. */
interface WantedOption {
  readonly name: string;
  readonly value: string | Secret;
}

export interface LdapEdits {
  readonly edits: readonly ConfEdit[];
  readonly kept: readonly KeptSetting[];
}

/**
 * The edits of `[ldap]`: just the options whose value is not in effect already, from the file or by default. A value
 * in another spelling that means the same stays, and so does one that differs from what nobody gave.
 * @throws `INPUT_INVALID` for a value that no file can hold, `CONF_INVALID`
 */
export function ldapEdits(
  doc: ConfDocument,
  release: ReleaseName,
  settings: ModernConfSettings,
  served: ReadonlySet<DriverSection>,
): LdapEdits {
  const plain = [...connection(doc, release, settings), ...further(doc, release, settings)];
  const made = mergeEdits(plain.map((wanted) => edit(doc, release, wanted, settings.assumed ?? {})));
  // The trees come last: what they are by default depends on the suffix.
  const edited = applyEdits(doc, made.edits);
  return mergeEdits([made, treeEdits(edited, release, settings, served)]);
}

function mergeEdits(parts: readonly LdapEdits[]): LdapEdits {
  return { edits: parts.flatMap(({ edits }) => edits), kept: parts.flatMap(({ kept }) => kept) };
}

function connection(
  doc: ConfDocument,
  release: ReleaseName,
  settings: ModernConfSettings,
): readonly WantedOption[] {
  const { urls, user, password, suffix, tls } = settings;
  const hasTls = optionStatus(release, 'use_tls').status === 'known';
  const startTls = wantedStartTls(doc, release, settings);
  return [
    ...(urls.length === 0 ? [] : [{ name: 'url', value: urls.join(',') }]),
    ...(user === undefined ? [] : [{ name: 'user', value: user }]),
    ...(password === undefined ? [] : [{ name: 'password', value: password }]),
    ...(suffix === undefined ? [] : [{ name: 'suffix', value: suffix }]),
    ...(startTls === undefined ? [] : [{ name: 'use_tls', value: String(startTls) }]),
    ...(tls.caCertFile === undefined || !hasTls ? [] : [{ name: 'tls_cacertfile', value: tls.caCertFile }]),
    ...(tls.reqCert === undefined || !hasTls ? [] : [{ name: 'tls_req_cert', value: tls.reqCert }]),
  ];
}

/** A URL that is given and has TLS from its start ends StartTLS, with which Keystone would refuse it. */
function wantedStartTls(
  doc: ConfDocument,
  release: ReleaseName,
  { urls, tls, assumed = {} }: ModernConfSettings,
): boolean | undefined {
  const starts =
    optionStatus(release, 'use_tls').status === 'known' &&
    effectiveNamed(doc, release, 'use_tls').value !== false;
  const rulesOut = assumed['url'] === undefined && urls.some((url) => /^ldaps:/i.test(url));
  const wanted = tls.startTls ?? (rulesOut ? false : undefined);
  return wanted === true || (wanted === false && starts) ? wanted : undefined;
}

/** The options by name, and those without which this release cannot work. */
function further(
  doc: ConfDocument,
  release: ReleaseName,
  settings: ModernConfSettings,
): readonly WantedOption[] {
  const named = Object.entries(settings.options).map(([name, value]) => ({
    name: optionNameIn(release, name),
    value,
  }));
  const isNamed = (option: string) => named.some(({ name }) => name === option);
  const ignored = readTyped(
    named.find(({ name }) => name === 'user_attribute_ignore')?.value ??
      String(effectiveNamed(doc, release, 'user_attribute_ignore').value),
    'list',
  );
  const ignores = (field: string) =>
    'value' in ignored && Array.isArray(ignored.value) && ignored.value.includes(field);
  const needed = neededOptions(release).filter(
    ({ name, field }) =>
      !isNamed(name) && !ignores(field) && effectiveNamed(doc, release, name).setAs === undefined,
  );
  return [...named, ...needed];
}

const NONE: LdapEdits = { edits: [], kept: [] };

function edit(doc: ConfDocument, release: ReleaseName, wanted: WantedOption, assumed: Assumed): LdapEdits {
  const { name, value } = wanted;
  const history = findOptionHistory('ldap', name);
  if (history === undefined) return NONE;
  const { value: written, setAs } = effectiveNamed(doc, release, name);
  // Essex declares no defaults, and what its code does instead is not to be built upon.
  const current = setAs === undefined ? declaredDefault(history, release) : written;
  const reading = readTyped(value instanceof Secret ? value.reveal() : value, history.type, history.limits);
  if ('value' in reading && sameValue(history.type, current, reading.value)) return NONE;
  const origin = originOf(assumed, release, name);
  const isKept = setAs !== undefined || (ACCOUNT.includes(name) && hasAccount(doc, release));
  if (origin !== undefined && isKept)
    return { edits: [], kept: [keptOption(doc, name, { setAs, origin, other: value })] };
  const made = osloEdit(doc, 'ldap', name, { value, setAs });
  return { edits: made === undefined ? [] : [made], kept: [] };
}

function originOf(assumed: Assumed, release: ReleaseName, option: string): string | undefined {
  return Object.entries(assumed).find(([name]) => optionNameIn(release, name) === option)?.[1];
}

const ACCOUNT = ['user', 'password'];

/** Whether the file says how Keystone binds: as somebody, or, where it uses a server already, as nobody. */
export function hasAccount(doc: ConfDocument, release: ReleaseName): boolean {
  return (
    ACCOUNT.some((name) => effectiveNamed(doc, release, name).setAs !== undefined) || usesLdap(doc, release)
  );
}

/** Whether a Keystone with this file finds its users in LDAP already. */
export function usesLdap(doc: ConfDocument, release: ReleaseName): boolean {
  return (
    effectiveDriver(doc, release, 'identity') === 'ldap' &&
    effectiveNamed(doc, release, 'url').setAs !== undefined
  );
}

function keptOption(
  doc: ConfDocument,
  option: string,
  { setAs, ...rest }: { readonly setAs: string | undefined } & Pick<KeptSetting, 'origin' | 'other'>,
): KeptSetting {
  const written = setAs === undefined ? undefined : optionValue(doc, 'ldap', setAs);
  const value = written !== undefined && rest.other instanceof Secret ? new Secret(written) : written;
  return { section: 'ldap', option: setAs ?? option, value, ...rest };
}

/**
 * A tree that nothing names is meant to be the conventional one. Essex's own defaults are another, which is why it
 * gets all of them in so many words.
 */
function treeEdits(
  doc: ConfDocument,
  release: ReleaseName,
  { trees }: ModernConfSettings,
  served: ReadonlySet<DriverSection>,
): LdapEdits {
  const parts = servedTrees(release, served).map((kind): LdapEdits => {
    const option = treeOptionOf(release, kind);
    const { setAs } = effectiveNamed(doc, release, option);
    const current = effectiveTree(doc, release, kind);
    const other = usualTree(kind, effectiveSuffix(doc, release));
    const wanted = trees[kind] ?? (setAs === undefined ? other : current);
    if (sameValue('dn', current, wanted)) {
      const isOther = trees[kind] === undefined && setAs !== undefined && !sameValue('dn', current, other);
      const kept = { setAs, origin: DEFAULT_ORIGIN, other };
      return { edits: [], kept: isOther ? [keptOption(doc, option, kept)] : [] };
    }
    const made = osloEdit(doc, 'ldap', option, { value: wanted, setAs });
    return { edits: made === undefined ? [] : [made], kept: [] };
  });
  return mergeEdits(parts);
}

/** The kinds of entries that this release reads from LDAP with these drivers. */
export function servedTrees(release: ReleaseName, served: ReadonlySet<DriverSection>): readonly TreeKind[] {
  return TREE_KINDS.filter(
    (kind) =>
      served.has(treeSection(release, kind)) &&
      optionStatus(release, treeOptionOf(release, kind)).status === 'known',
  );
}
