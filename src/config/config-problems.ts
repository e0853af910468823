import { KeystoneLdapError, type Problem } from '../errors.ts';
import { problemAt, type Position } from '../identities/read/source.ts';
import { holdingFault, readMappedOption } from '../keystone-conf/modern/mapped-option.ts';
import { findInCatalogue } from '../releases/catalogue.ts';
import { findRelease } from '../releases/find-release.ts';
import type { EntryKind, Release } from '../releases/release.ts';
import type { Config } from './definition.ts';
import type { ConfigReading } from './read-config.ts';

type Report = (path: string, message: string) => void;

/** What the release, or one key, says against another. */
export function configProblems({ config, places, hasIdentities }: ConfigReading): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, message) => void problems.push(problemAt(places.get(path), message));
  const release = releaseOf(config, report);
  if (release !== undefined) {
    checkMapping(config, release, (at, message) => void problems.push(problemAt(at, message)), report);
    checkTrees(config, release, report);
  }
  const { server, serviceAccount, keystoneConf } = config;
  checkAccount('server', server, report);
  checkAccount('server.config', server?.config, report);
  checkAccount('keystone_conf', keystoneConf, report);
  checkServiceAccount(serviceAccount, report);
  if (keystoneConf !== undefined && keystoneConf.path === undefined)
    report('keystone_conf', 'keystone_conf needs "path"');
  if (keystoneConf?.domainConfigDir !== undefined && keystoneConf.domain === undefined)
    report('keystone_conf.domain_config_dir', '"domain_config_dir" needs "domain"');
  if (config.identities?.sample !== undefined && (hasIdentities || config.identities.files !== undefined))
    report('identities.sample', 'identities are sample data or your own: "sample" stands alone');
  return problems;
}

/** Where the file names none, what it says is held against the release once that is known. */
function releaseOf({ release }: Config, report: Report): Release | undefined {
  if (release === undefined) return undefined;
  try {
    return findRelease(release);
  } catch (error) {
    if (!(error instanceof KeystoneLdapError)) throw error;
    report('release', error.message.replace(/\.$/, ''));
    return undefined;
  }
}

function checkMapping(
  { map = [], ldapHolds }: Config,
  release: Release,
  reportAt: (at: Position, message: string) => void,
  report: Report,
): void {
  const entry = release.conf.kind === 'oslo' ? findInCatalogue(release.name) : undefined;
  if (entry === undefined) {
    if (map.length > 0) report('map', `${release.title} has one layout only`);
    if (ldapHolds !== undefined) report('ldap_holds', `${release.title} has one layout only`);
    return;
  }
  for (const { name, value, at } of map) {
    const reading = readMappedOption(name, value, entry.name);
    if ('fault' in reading) reportAt(at, reading.fault);
  }
  const fault = ldapHolds && holdingFault(release, entry.name, ldapHolds);
  if (fault !== undefined) report('ldap_holds', fault.replace(/\.$/, ''));
}

function checkTrees({ trees = {}, ldapHolds }: Config, release: Release, report: Report): void {
  if (ldapHolds !== undefined) return; // which changes what there is; the command tells
  for (const kind of ['user', 'group', 'tenant', 'role', 'domain'] as const satisfies readonly EntryKind[])
    if (trees[kind] !== undefined && release.trees[kind] === undefined)
      report(`trees.${kind}`, `${release.title} keeps no ${kind}s in LDAP`);
}

interface Account {
  readonly bindDn?: string;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
}

function checkAccount(path: string, account: Account | undefined, report: Report): void {
  const { bindDn, passwordFile, passwordEnv } = account ?? {};
  if (passwordFile !== undefined && passwordEnv !== undefined)
    report(`${path}.password_env`, 'a password has one place: "password_file" or "password_env"');
  if ((passwordFile ?? passwordEnv) !== undefined && bindDn === undefined)
    report(path, `${path} has a password and no "bind_dn"`);
}

function checkServiceAccount(account: Config['serviceAccount'], report: Report): void {
  if (account === undefined) return;
  const { dn, passwordFile, passwordEnv, generatePasswordFile } = account;
  if (dn === undefined) report('service_account', 'service_account needs "dn"');
  const given = [passwordFile, passwordEnv, generatePasswordFile].filter((one) => one !== undefined);
  if (given.length > 1)
    report(
      'service_account',
      'a password has one place: "password_file", "password_env" or "generate_password_file"',
    );
}
