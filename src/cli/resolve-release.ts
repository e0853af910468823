import { KeystoneLdapError, type Problem } from '../errors.ts';
import { optionStatusText } from '../keystone-conf/option-status-text.ts';
import { readTyped } from '../keystone-conf/oslo-value.ts';
import { findInCatalogue, type ReleaseName } from '../releases/catalogue.ts';
import { DEFAULT_RELEASE, findRelease } from '../releases/find-release.ts';
import { findOptionHistory, optionNameIn, optionStatus } from '../releases/ldap-options.ts';
import { modernRelease, possibleHoldings } from '../releases/modern.ts';
import type { LdapSettings } from '../releases/layout-options.ts';
import type { OptionValue } from '../releases/option-history.ts';
import type { Release } from '../releases/release.ts';
import type { ReleaseFlags } from './release-flags.ts';

/**
 * The release that the flags name, set up as they say.
 * @throws `USAGE`, with every fault of `--map` at once
 */
export function resolveRelease(
  flags: ReleaseFlags,
  name: string = flags.release ?? DEFAULT_RELEASE,
): Release {
  const release = findRelease(name);
  if (flags.map === undefined && flags.ldapHolds === undefined) return release;
  const entry = release.conf.kind === 'oslo' ? findInCatalogue(release.name) : undefined;
  if (entry === undefined)
    throw new KeystoneLdapError(
      'USAGE',
      `${release.title} has one layout only: leave out --map and --ldap-holds.`,
    );
  const { ldapHolds: holding } = flags;
  if (holding !== undefined && !possibleHoldings(entry.name).includes(holding))
    throw new KeystoneLdapError('USAGE', `${release.title} ${CANNOT_HOLD[holding]}`, {
      hint: `Leave out --ldap-holds ${holding}.`,
    });
  return modernRelease(entry, { options: readMap(flags.map ?? [], entry.name), holding });
}

const CANNOT_HOLD = {
  identity: 'has one driver for everything: what holds its users holds its tenants and roles.',
  all: 'can keep no projects, roles and grants in LDAP.',
} as const;

function readMap(pairs: readonly string[], release: ReleaseName): LdapSettings {
  const readings = pairs.map((pair) => readPair(pair, release));
  const problems: Problem[] = readings.flatMap((reading) =>
    'fault' in reading ? [{ message: reading.fault }] : [],
  );
  if (problems.length > 0)
    throw new KeystoneLdapError('USAGE', `--map cannot be followed with ${release}.`, {
      problems,
      hint: `Write --map OPTION=VALUE with options of [ldap]: "keystone-ldap releases ${release}" lists them.`,
    });
  return Object.fromEntries(
    readings.flatMap((reading) => ('fault' in reading ? [] : [[reading.name, reading.value]])),
  );
}

type Pair = { readonly name: string; readonly value: OptionValue } | { readonly fault: string };

function readPair(pair: string, release: ReleaseName): Pair {
  const at = pair.indexOf('=');
  if (at < 1) return { fault: `"${pair}" is not OPTION=VALUE` };
  const given = pair.slice(0, at).trim();
  const name = optionNameIn(release, given);
  const status = optionStatus(release, name);
  const history = findOptionHistory('ldap', name);
  if (history === undefined || (status.status !== 'known' && status.status !== 'backported'))
    return { fault: `${given} ${optionStatusText(status, release)}` };
  if (HAS_FLAG.test(name)) return { fault: `${given} has a flag of its own` };
  const reading = readTyped(pair.slice(at + 1).trim(), history.type, history.limits);
  return 'fault' in reading ? { fault: `${given}: ${reading.fault}` } : { name, value: reading.value };
}

const HAS_FLAG = /^(?:url|user|password|suffix|use_tls|tls_cacertfile|tls_req_cert|\w+_tree_dn)$/;
