import { equalDn, isDn } from '../../directory/dn.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { LegacyConfStyle as ReleaseConfStyle } from '../../releases/release.ts';
import { Secret } from '../../secret.ts';
import type { ConfDocument } from '../document/document.ts';
import type { Assumed, KeptSetting } from '../kept-setting.ts';
import { inheritedValue, LDAP_BACKEND, treeOption, TREES, type TreeName } from './legacy-options.ts';
import { readLegacyValue, writeLegacyValue } from './legacy-value.ts';
import { DEFAULT_SECTION, optionValue } from '../document/option-value.ts';

/** What keystone.conf of a 2011 release shall say about LDAP. */
export interface LegacyConfSettings {
  /** What is absent is left as the file has it. */
  readonly url?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly userTreeDn?: string | undefined;
  readonly tenantTreeDn?: string | undefined;
  readonly roleTreeDn?: string | undefined;
  /** Which of these settings nobody gave: `url`, `user`, `password`, `user_tree_dn` and so on. */
  readonly assumed?: Assumed;
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

export interface LegacyOptions {
  readonly written: readonly WrittenOption[];
  readonly kept: readonly KeptSetting[];
}

/**
 * The options that the LDAP backend must find in its section. A DN that the file already has in another spelling
 * keeps it, and what the file has gives way only to what somebody gave.
 * @throws `INPUT_INVALID` for settings that this release could not read back
 */
export function ldapOptions(
  doc: ConfDocument,
  settings: LegacyConfSettings,
  style: LegacyConfStyle,
): LegacyOptions {
  const { url, user, password, assumed = {} } = settings;
  const place: Place = { doc, style, assumed };
  const outcomes = [
    needed(place, 'ldap_url', url),
    needed(place, 'ldap_user', user && spelledAsBefore(doc, 'ldap_user', user, style)),
    needed(place, 'ldap_password', password),
    ...TREES.map((tree) => writtenTree(place, tree, settings[`${tree}TreeDn`])),
  ];
  const problems = outcomes.flatMap((outcome) =>
    outcome !== undefined && 'fault' in outcome ? [{ message: outcome.fault }] : [],
  );
  if (problems.length > 0)
    throw new KeystoneLdapError(
      'INPUT_INVALID',
      'keystone.conf of this release cannot hold these settings.',
      {
        problems,
      },
    );
  return {
    written: outcomes.flatMap((outcome) =>
      outcome !== undefined && 'option' in outcome && !('section' in outcome) ? [outcome] : [],
    ),
    kept: outcomes.flatMap((outcome) => (outcome !== undefined && 'section' in outcome ? [outcome] : [])),
  };
}

interface Place {
  readonly doc: ConfDocument;
  readonly style: LegacyConfStyle;
  readonly assumed: Assumed;
}

type Outcome = WrittenOption | KeptSetting | { readonly fault: string };

/** Without it Keystone does not start. */
function needed(place: Place, option: string, value: string | Secret | undefined): Outcome | undefined {
  const current = inheritedValue(place.doc, LDAP_BACKEND, option);
  if (value === undefined) return current === undefined ? { fault: `${option} is missing.` } : undefined;
  const origin = place.assumed[option.replace('ldap_', '')];
  if (origin === undefined || current === undefined) return written(option, value, place.style);
  return keptUnlessSame(place, option, { value, origin });
}

function keptUnlessSame(
  { doc, style }: Place,
  option: string,
  { value, origin }: { readonly value: string | Secret; readonly origin: string },
): KeptSetting | undefined {
  const plain = value instanceof Secret ? value.reveal() : value;
  const current = currentValue(doc, option, style) ?? inheritedValue(doc, LDAP_BACKEND, option) ?? '';
  if (current === plain) return undefined;
  const stays = value instanceof Secret ? new Secret(current) : current;
  return { section: LDAP_BACKEND, option, value: stays, other: value, origin };
}

function written(option: string, value: string | Secret, style: LegacyConfStyle): Outcome {
  const result = writeLegacyValue(value instanceof Secret ? value.reveal() : value, style.interpolation);
  if ('fault' in result) return { fault: `${option} cannot be written: ${result.fault}.` };
  return { option, value: value instanceof Secret ? new Secret(result.value) : result.value };
}

/** A tree is written only where Keystone would otherwise look elsewhere. */
function writtenTree(place: Place, tree: TreeName, wanted: string | undefined): Outcome | undefined {
  const { doc, style, assumed } = place;
  const option = treeOption(tree);
  const byDefault = style.defaultTrees[tree];
  if (wanted === undefined) return undefined;
  const origin = assumed[option];
  if (!style.treeOptions) {
    if (equalDn(wanted, byDefault)) return undefined;
    if (origin !== undefined && usesLegacyLdap(doc))
      return { section: LDAP_BACKEND, option, value: byDefault, other: wanted, origin };
    return {
      fault: `${option} is not read by this release: it looks for ${tree}s in ${byDefault}, not in ${wanted}.`,
    };
  }
  const own = currentValue(doc, option, style);
  if (sameDn(own ?? byDefault, wanted)) return undefined;
  // A Keystone that is at work finds its entries where the code says, if the file says nothing.
  const isKept = origin !== undefined && (own !== undefined || usesLegacyLdap(doc));
  if (!isKept) return written(option, wanted, style);
  return { section: LDAP_BACKEND, option, value: own ?? byDefault, other: wanted, origin };
}

function sameDn(a: string, b: string): boolean {
  return isDn(a) && isDn(b) ? equalDn(a, b) : a === b;
}

/** Whether a Keystone with this file finds its users in LDAP already. */
export function usesLegacyLdap(doc: ConfDocument): boolean {
  const backends = optionValue(doc, DEFAULT_SECTION, 'backends') ?? '';
  return backends.split(',').some((name) => name.trim() === LDAP_BACKEND);
}

function spelledAsBefore(doc: ConfDocument, option: string, dn: string, style: LegacyConfStyle): string {
  const current = currentValue(doc, option, style);
  return current !== undefined && sameDn(current, dn) ? current : dn;
}

function currentValue(doc: ConfDocument, option: string, style: LegacyConfStyle): string | undefined {
  const current = inheritedValue(doc, LDAP_BACKEND, option);
  if (current === undefined) return undefined;
  const result = readLegacyValue(current, style.interpolation);
  return 'value' in result ? result.value : undefined;
}
