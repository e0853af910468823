import { KeystoneLdapError, type Problem } from '../../errors.ts';
import {
  holdingFault,
  readMappedOption,
  type MappedOptionReading,
} from '../../keystone-conf/modern/mapped-option.ts';
import { findInCatalogue, type ReleaseName } from '../../releases/catalogue.ts';
import { modernRelease } from '../../releases/modern.ts';
import type { LdapSettings } from '../../releases/layout-options.ts';
import type { Release } from '../../releases/release.ts';
import { requireRelease } from '../flags/of-flag.ts';
import type { ReleaseFlags } from './release-flags.ts';

/**
 * A release, set up as the flags say.
 * @throws `USAGE`, with every fault of `--map` at once
 */
export function resolveRelease(flags: Pick<ReleaseFlags, 'map' | 'ldapHolds'>, name: string): Release {
  const release = requireRelease(name);
  if (flags.map === undefined && flags.ldapHolds === undefined) return release;
  const entry = release.conf.kind === 'oslo' ? findInCatalogue(release.version ?? release.name) : undefined;
  if (entry === undefined)
    throw new KeystoneLdapError(
      'USAGE',
      `${release.title} has one layout only: leave out --map and --ldap-holds.`,
    );
  const { ldapHolds: holding } = flags;
  const fault = holding && holdingFault(release, entry.name, holding);
  if (holding !== undefined && fault !== undefined)
    throw new KeystoneLdapError('USAGE', fault, { hint: `Leave out --ldap-holds ${holding}.` });
  return modernRelease(entry, { options: readMap(flags.map ?? [], entry.name), holding });
}

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

function readPair(pair: string, release: ReleaseName): MappedOptionReading {
  const at = pair.indexOf('=');
  if (at < 1) return { fault: `"${pair}" is not OPTION=VALUE` };
  return readMappedOption(pair.slice(0, at).trim(), pair.slice(at + 1).trim(), release);
}
