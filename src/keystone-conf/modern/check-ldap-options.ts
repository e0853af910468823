import type { ReleaseName } from '../../releases/catalogue.ts';
import type { KeystoneCode } from '../../releases/code-change.ts';
import { kindOfOption, treeSection } from '../../releases/default-trees.ts';
import { findOptionHistory, optionStatus } from '../../releases/ldap-options.ts';
import { effectiveDefault, type OptionValue } from '../../releases/option-history.ts';
import { placeOf, type ConfDocument, type ConfOption } from '../document/document.ts';
import { effectiveDriver } from './driver-edits.ts';
import { effectiveNamed, sameValue } from './effective-option.ts';
import { optionStatusText } from './option-status-text.ts';
import { blocksOf, optionValues } from '../document/option-value.ts';
import { readOsloValue } from './oslo-value.ts';

/** An option of `[ldap]` that is not, or not for long, what the operator may take it for. */
export interface OptionFinding {
  readonly code:
    'UNKNOWN' | 'NOT_READ' | 'RENAMED' | 'BACKPORTED' | 'DEPRECATED' | 'INVALID' | 'IGNORED' | 'MISSING';
  readonly option: string;
  readonly file: string | undefined;
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
}

/** What the release thinks of each option that `[ldap]` sets, in file order. @throws `CONF_INVALID` */
export function checkLdapOptions(
  doc: ConfDocument,
  release: ReleaseName,
  version?: string,
): readonly OptionFinding[] {
  const options = blocksOf(doc, 'ldap').flatMap((block) => block.options);
  const later = (option: ConfOption) => options.findLast(({ name }) => name === option.name);
  return options.flatMap((option): readonly OptionFinding[] => {
    const finding = (code: OptionFinding['code'], text: string): readonly OptionFinding[] => [
      {
        code,
        option: option.name,
        ...placeOf(doc, option.line),
        message: `[ldap] ${option.name} ${text}.`,
      },
    ];
    const winner = later(option);
    if (winner !== undefined && winner !== option) {
      const place = placeOf(doc, winner.line);
      // To set an option anew is what further files are for.
      if (place.file !== placeOf(doc, option.line).file) return [];
      return finding('IGNORED', `is set again in line ${place.line}, which counts`);
    }
    const known = statusFinding({ release, version }, option.name, finding);
    if (known !== undefined && known[0]?.code !== 'DEPRECATED') return known;
    const fault = faultOf(doc, option.name);
    if (fault !== undefined) return finding('INVALID', fault);
    const ignored = ignoredBecause(doc, release, option.name);
    if (ignored !== undefined) return finding('IGNORED', ignored);
    const missing = missingBeside(doc, release, option.name);
    return [...(known ?? []), ...(missing === undefined ? [] : finding('MISSING', missing))];
  });
}

function statusFinding(
  { release, version }: KeystoneCode,
  option: string,
  finding: (code: OptionFinding['code'], text: string) => readonly OptionFinding[],
): readonly OptionFinding[] | undefined {
  const status = optionStatus(release, option, 'ldap', version);
  const text = optionStatusText(status, release);
  switch (status.status) {
    case 'unknown':
      return finding('UNKNOWN', text);
    case 'removed':
    case 'not yet':
      return finding('NOT_READ', text);
    case 'alias':
      return finding('RENAMED', text);
    case 'backported':
      return finding('BACKPORTED', text);
    case 'known':
      return status.deprecated ? finding('DEPRECATED', text) : undefined;
  }
}

/** A value with which Keystone does not start; without the value, which may be a secret. */
function faultOf(doc: ConfDocument, option: string): string | undefined {
  const history = findOptionHistory('ldap', option);
  const read = optionValues(doc, 'ldap', option).at(-1);
  if (history === undefined || read === undefined) return undefined;
  const reading = readOsloValue(read, history.type, history.limits);
  // What another option holds is not known here, but is no fault.
  if (!('fault' in reading) || reading.fault.includes('refers')) return undefined;
  return `has a value that Keystone refuses: ${reading.fault}`;
}

interface Condition {
  readonly options: RegExp;
  /** The option must have a value that passes, or what is said of the others is so. */
  readonly needs: string;
  readonly passes: (value: unknown) => boolean;
  readonly otherwise: string;
}

const isTrue = (value: unknown): boolean => value === true;
const isUnset = (value: unknown): boolean => value === undefined || value === '';

const CONDITIONS: readonly Condition[] = [
  ...['user', 'tenant', 'project', 'domain'].map((kind) => ({
    options: new RegExp(`^${kind}_enabled_emulation_(?:dn|use_group_config)$`),
    needs: `${kind}_enabled_emulation`,
    passes: isTrue,
    otherwise: `is ignored while ${kind}_enabled_emulation is off`,
  })),
  {
    options: /^dumb_member$/,
    needs: 'use_dumb_member',
    passes: isTrue,
    otherwise: 'is ignored while use_dumb_member is off',
  },
  {
    options: /^(?:pool_|use_auth_pool$|auth_pool_)/,
    needs: 'use_pool',
    passes: isTrue,
    otherwise: 'is ignored while use_pool is off',
  },
  {
    options: /^auth_pool_/,
    needs: 'use_auth_pool',
    passes: isTrue,
    otherwise: 'is ignored while use_auth_pool is off',
  },
  {
    options: /^tls_cacertdir$/,
    needs: 'tls_cacertfile',
    passes: isUnset,
    otherwise: 'is ignored: tls_cacertfile is set and comes first',
  },
  {
    options: /^user_enabled_invert$/,
    needs: 'user_enabled_mask',
    passes: (value) => value === 0,
    otherwise: 'is ignored: user_enabled_mask is set and comes first',
  },
];

function ignoredBecause(doc: ConfDocument, release: ReleaseName, option: string): string | undefined {
  const kind = kindOfOption(option);
  const section = treeSection(release, kind);
  const isHeld = section === 'identity' || effectiveDriver(doc, release, section) === 'ldap';
  if (!isHeld) return `is ignored: LDAP does not hold ${kind}s, see [${section}]`;
  // A switch that is off, and what is set to its default, say what happens anyway.
  const { value } = effectiveNamed(doc, release, option);
  if (value === false || isDefault(release, option, value)) return undefined;
  return CONDITIONS.find(
    ({ options, needs, passes }) =>
      options.test(option) &&
      optionStatus(release, needs).status === 'known' &&
      !passes(effectiveNamed(doc, release, needs).value),
  )?.otherwise;
}

function isDefault(release: ReleaseName, option: string, value: OptionValue): boolean {
  const history = findOptionHistory('ldap', option);
  return history !== undefined && sameValue(history.type, value, effectiveDefault(history, release));
}

/** posixGroup lists its members by login, so that Keystone must not take them for DNs. */
function missingBeside(doc: ConfDocument, release: ReleaseName, option: string): string | undefined {
  const needed = 'group_members_are_ids';
  if (option !== 'group_objectclass' || optionStatus(release, needed).status !== 'known') return undefined;
  const { value } = effectiveNamed(doc, release, option);
  if (value !== 'posixGroup' || effectiveNamed(doc, release, needed).value === true) return undefined;
  const isMember = effectiveNamed(doc, release, 'group_member_attribute').value === 'member';
  const attribute = isMember ? ' and group_member_attribute = memberUid' : '';
  return `is posixGroup, whose members are no DNs: set ${needed} = true${attribute}`;
}
