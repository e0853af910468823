import { dirname, join } from 'node:path';
import { KeystoneLdapError } from '../../errors.ts';
import { requireMeaning } from '../../keystone-conf/document/document.ts';
import { domainConfigDir, domainFileName } from '../../keystone-conf/modern/domain-conf.ts';
import { planConfUpgrade } from '../../plan/conf/plan-conf-upgrade.ts';
import { observeConf } from '../../plan/conf/plan-conf.ts';
import type { ConfPlan } from '../../plan/conf/conf-plan.ts';
import { findInCatalogue, type ReleaseName } from '../../releases/catalogue.ts';
import { findRelease } from '../../releases/find-release.ts';
import { flagName, type IsGiven } from '../flags/command-context.ts';
import type { Io } from '../terminal/io.ts';
import { requireRelease } from '../flags/of-flag.ts';
import { askForConf, type ConfigureFlags } from './resolve-conf-plan.ts';

export type UpgradeFlags = ConfigureFlags & { readonly upgradeFrom: string };

/**
 * The edit by which a file of one release becomes one of another: of keystone.conf, or of the domain's file where one
 * is named. It asks no server, and what the file says stays what it says.
 */
export async function resolveUpgradePlan(flags: UpgradeFlags, io: Io, isGiven: IsGiven): Promise<ConfPlan> {
  const stray = SAID_BY_FILE.filter(isGiven);
  if (stray.length > 0)
    throw new KeystoneLdapError(
      'USAGE',
      `With --upgrade-from the file says what ${stray.map(flagName).join(', ')} would say.`,
      { hint: 'Bring the file forward first, then run "keystone-ldap configure" with these flags.' },
    );
  if (flags.release === undefined)
    throw new KeystoneLdapError('USAGE', '--upgrade-from needs --release, the release to upgrade to.');
  const [from, to] = [releaseOf('--upgrade-from', flags.upgradeFrom), releaseOf('--release', flags.release)];
  const path = flags.keystoneConf ?? (await askForConf(io));
  const dialect = findRelease(from);
  const main = await observeConf(path, dialect);
  requireMeaning(main.before);
  if (flags.domain === undefined) return await planConfUpgrade(main, { from, to });
  const folder = flags.domainConfigDir ?? domainConfigDir(main.before, from);
  const file = await observeConf(join(folder, domainFileName(flags.domain, from)), dialect);
  requireMeaning(file.before);
  return await planConfUpgrade(file, { from, to, domainBackups: dirname(path) });
}

/** @throws `USAGE` */
function releaseOf(flag: string, name: string): ReleaseName {
  const release = requireRelease(name, flag);
  const found = release.conf.kind === 'oslo' ? findInCatalogue(release.name) : undefined;
  if (found !== undefined) return found.name;
  throw new KeystoneLdapError(
    'USAGE',
    `${release.title} has a keystone.conf of another kind, which no later release can read.`,
    {
      hint: 'Run "keystone-ldap configure" for the new release on the keystone.conf that comes with it.',
    },
  );
}

const SAID_BY_FILE = [
  ...['uri', 'bindDn', 'passwordFile', 'promptPassword', 'mechanism', 'simple', 'startTls', 'caFile'],
  ...['map', 'ldapHolds', 'suffix', 'moveToken'],
  ...['userTreeDn', 'groupTreeDn', 'tenantTreeDn', 'projectTreeDn', 'roleTreeDn', 'domainTreeDn'],
];
