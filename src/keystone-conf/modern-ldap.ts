import type { ReleaseName } from '../releases/catalogue.ts';
import { neededOptions } from '../releases/connection-rules.ts';
import {
  TREE_KINDS,
  treeOptionOf,
  treeSection,
  usualTree,
  type TreeKind,
} from '../releases/default-trees.ts';
import type { DriverSection } from '../releases/driver-options.ts';
import { findOptionHistory, optionNameIn, optionStatus } from '../releases/ldap-options.ts';
import { declaredDefault } from '../releases/option-history.ts';
import { Secret } from '../secret.ts';
import { applyEdits, type ConfEdit } from './conf-edit.ts';
import type { ConfDocument } from './document.ts';
import { effectiveNamed, effectiveTree, sameValue } from './effective-option.ts';
import type { ModernConfSettings } from './modern-settings.ts';
import { osloEdit } from './oslo-edit.ts';
import { readTyped } from './oslo-value.ts';

/** An option of `[ldap]` in this release, with the value as Keystone shall get it. */
interface WantedOption {
  readonly name: string;
  readonly value: string | Secret;
}

/**
 * The edits of `[ldap]`: just the options whose value is not in effect already, from the file or by default. A value
 * in another spelling that means the same stays.
 * @throws `INPUT_INVALID` for a value that no file can hold, `CONF_INVALID`
 */
export function ldapEdits(
  doc: ConfDocument,
  release: ReleaseName,
  settings: ModernConfSettings,
  served: ReadonlySet<DriverSection>,
): readonly ConfEdit[] {
  const plain = [...connection(doc, release, settings), ...further(doc, release, settings)];
  const edits = plain.map((wanted) => edit(doc, release, wanted)).filter((made) => made !== undefined);
  // The trees come last: what they are by default depends on the suffix.
  const edited = applyEdits(doc, edits);
  return [...edits, ...treeEdits(edited, release, settings, served)];
}

function connection(
  doc: ConfDocument,
  release: ReleaseName,
  { urls, user, password, suffix, tls }: ModernConfSettings,
): readonly WantedOption[] {
  const hasTls = optionStatus(release, 'use_tls').status === 'known';
  const startsTls = hasTls && effectiveNamed(doc, release, 'use_tls').value !== false;
  return [
    { name: 'url', value: urls.join(',') },
    ...(user === undefined ? [] : [{ name: 'user', value: user }]),
    ...(password === undefined ? [] : [{ name: 'password', value: password }]),
    { name: 'suffix', value: suffix },
    ...(tls.startTls || startsTls ? [{ name: 'use_tls', value: String(tls.startTls) }] : []),
    ...(tls.caCertFile === undefined || !hasTls ? [] : [{ name: 'tls_cacertfile', value: tls.caCertFile }]),
    ...(tls.reqCert === undefined || !hasTls ? [] : [{ name: 'tls_req_cert', value: tls.reqCert }]),
  ];
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

function edit(doc: ConfDocument, release: ReleaseName, wanted: WantedOption): ConfEdit | undefined {
  const { name, value } = wanted;
  const history = findOptionHistory('ldap', name);
  if (history === undefined) return undefined;
  const { value: written, setAs } = effectiveNamed(doc, release, name);
  // Essex declares no defaults, and what its code does instead is not to be built upon.
  const current = setAs === undefined ? declaredDefault(history, release) : written;
  const reading = readTyped(value instanceof Secret ? value.reveal() : value, history.type, history.limits);
  if ('value' in reading && sameValue(history.type, current, reading.value)) return undefined;
  return osloEdit(doc, 'ldap', name, { value, setAs });
}

/**
 * A tree that nothing names is meant to be the conventional one. Essex's own defaults are another, which is why it
 * gets all of them in so many words.
 */
function treeEdits(
  doc: ConfDocument,
  release: ReleaseName,
  { trees, suffix }: ModernConfSettings,
  served: ReadonlySet<DriverSection>,
): readonly ConfEdit[] {
  return servedTrees(release, served).flatMap((kind) => {
    const name = treeOptionOf(release, kind);
    const { setAs } = effectiveNamed(doc, release, name);
    const current = effectiveTree(doc, release, kind);
    const wanted = trees[kind] ?? (setAs === undefined ? usualTree(kind, suffix) : current);
    if (sameValue('dn', current, wanted)) return [];
    return osloEdit(doc, 'ldap', name, { value: wanted, setAs }) ?? [];
  });
}

/** The kinds of entries that this release reads from LDAP with these drivers. */
export function servedTrees(release: ReleaseName, served: ReadonlySet<DriverSection>): readonly TreeKind[] {
  return TREE_KINDS.filter(
    (kind) =>
      served.has(treeSection(release, kind)) &&
      optionStatus(release, treeOptionOf(release, kind)).status === 'known',
  );
}
