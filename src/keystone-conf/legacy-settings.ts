import { equalDn } from '../directory/dn.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { LegacyConfStyle as ReleaseConfStyle } from '../releases/release.ts';
import { Secret } from '../secret.ts';
import type { ConfDocument } from './document.ts';
import { inheritedValue, LDAP_BACKEND, treeOption, TREES, type TreeName } from './legacy-options.ts';
import { readLegacyValue, writeLegacyValue } from './legacy-value.ts';

/** What keystone.conf of a 2011 release shall say about LDAP. */
export interface LegacyConfSettings {
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
  /** An absent tree is left as the file has it. */
  readonly userTreeDn?: string | undefined;
  readonly tenantTreeDn?: string | undefined;
  readonly roleTreeDn?: string | undefined;
  /** Takes tokens out of SQL too, for an installation where another backend stores them. */
  readonly moveToken: boolean;
}

/** How a 2011 release reads keystone.conf. */
export type LegacyConfStyle = Omit<ReleaseConfStyle, 'kind'>;

/** An option of the LDAP backend with the value as it has to stand in the file. */
export interface WrittenOption {
  readonly option: string;
  readonly value: string | Secret;
}

/**
 * The options that the LDAP backend must find in its section. A DN that the file already has in another spelling
 * keeps it.
 * @throws `INPUT_INVALID` for settings that this release could not read back
 */
export function ldapOptions(
  doc: ConfDocument,
  settings: LegacyConfSettings,
  style: LegacyConfStyle,
): readonly WrittenOption[] {
  const { url, user, password } = settings;
  const outcomes = [
    written('ldap_url', url, style),
    written('ldap_user', spelledAsBefore(doc, 'ldap_user', user, style), style),
    written('ldap_password', password, style),
    ...TREES.map((tree) => writtenTree(doc, tree, settings[`${tree}TreeDn`], style)),
  ];
  const problems = outcomes.flatMap((outcome) =>
    outcome !== undefined && 'fault' in outcome ? [{ message: outcome.fault }] : [],
  );
  if (problems.length === 0)
    return outcomes.flatMap((outcome) => (outcome !== undefined && 'value' in outcome ? [outcome] : []));
  throw new KeystoneLdapError('INPUT_INVALID', 'keystone.conf of this release cannot hold these settings.', {
    problems,
  });
}

type Outcome = WrittenOption | { readonly fault: string };

function written(option: string, value: string | Secret, style: LegacyConfStyle): Outcome {
  const result = writeLegacyValue(value instanceof Secret ? value.reveal() : value, style.interpolation);
  if ('fault' in result) return { fault: `${option} cannot be written: ${result.fault}.` };
  return { option, value: value instanceof Secret ? new Secret(result.value) : result.value };
}

/** A tree is written only where Keystone would otherwise look elsewhere. */
function writtenTree(
  doc: ConfDocument,
  tree: TreeName,
  wanted: string | undefined,
  style: LegacyConfStyle,
): Outcome | undefined {
  const option = treeOption(tree);
  const byDefault = style.defaultTrees[tree];
  if (wanted === undefined) return undefined;
  if (!style.treeOptions) {
    const fault = `${option} is not read by this release: it looks for ${tree}s in ${byDefault}, not in ${wanted}.`;
    return equalDn(wanted, byDefault) ? undefined : { fault };
  }
  const current = currentValue(doc, option, style) ?? byDefault;
  return equalDn(current, wanted) ? undefined : written(option, wanted, style);
}

function spelledAsBefore(doc: ConfDocument, option: string, dn: string, style: LegacyConfStyle): string {
  const current = currentValue(doc, option, style);
  return current !== undefined && equalDn(current, dn) ? current : dn;
}

function currentValue(doc: ConfDocument, option: string, style: LegacyConfStyle): string | undefined {
  const current = inheritedValue(doc, LDAP_BACKEND, option);
  if (current === undefined) return undefined;
  const result = readLegacyValue(current, style.interpolation);
  return 'value' in result ? result.value : undefined;
}
