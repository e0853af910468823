import { describe, expect, test } from 'vitest';
import { packageFile } from '../../../src/files.ts';
import type { ConfEdit } from '../../../src/keystone-conf/document/conf-edit.ts';
import { observeConf, planConf, type ConfSettings } from '../../../src/plan/conf/plan-conf.ts';
import { CATALOGUE, isSince, type ReleaseName } from '../../../src/releases/catalogue.ts';
import { DRIVER_SECTIONS, driverOption } from '../../../src/releases/driver-options.ts';
import { treesBelow } from '../../../src/releases/find-release.ts';
import { ldapOptionsOf } from '../../../src/releases/ldap-options.ts';
import { modernRelease, possibleHoldings } from '../../../src/releases/modern.ts';
import type { Holding } from '../../../src/releases/modern-layout.ts';
import { declaredDefault, isDeprecated, type OptionValue } from '../../../src/releases/option-history.ts';
import { Secret } from '../../../src/secret.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import { driverFact } from '../../support/facts/driver-facts.ts';
import { factDefault, isDeprecatedFact, isFactIn, OPTION_FACTS } from '../../support/facts/option-facts.ts';

const SUFFIX = 'dc=example,dc=com';

/** What `configure` writes into the smallest keystone.conf, and into the file of a domain where one is named. */
async function edits(
  release: ReleaseName,
  changes: Partial<ConfSettings> = {},
  holding?: Holding,
): Promise<readonly ConfEdit[]> {
  const entry = CATALOGUE.find(({ name }) => name === release);
  if (entry === undefined) throw new Error(`${release} is in no catalogue`);
  const target = modernRelease(entry, { holding });
  const main = await observeConf(packageFile('fixtures/keystone-conf/modern.conf'), target);
  const settings: ConfSettings = {
    url: 'ldap://ldap.example.com',
    user: `cn=keystone,${SUFFIX}`,
    password: new Secret('verysecret'),
    suffix: SUFFIX,
    trees: treesBelow(target, SUFFIX),
    ...changes,
  };
  const { files } = await planConf(main, settings, target);
  return files.flatMap((file) => file.edits);
}

function written(all: readonly ConfEdit[], section: string): readonly (readonly [string, string])[] {
  return all
    .filter((edit) => edit.section === section)
    .map(({ option, to }) => [option, to instanceof Secret ? to.reveal() : (to ?? '')]);
}

/** What is wrong with an option that is written for a release, by the table of all options. */
function faults(release: ReleaseName, [name, value]: readonly [string, string]): readonly string[] {
  const fact = OPTION_FACTS.find((one) => one.name === name);
  if (fact === undefined) return [`${name} is no option of [ldap]`];
  if (!isFactIn(fact, release)) return [`${name} is not read by ${release}`];
  return [
    ...(sameText(factDefault(fact, release), value) ? [`${name} = ${value} is the default`] : []),
    ...(VALUES[fact.type]?.test(value) === false ? [`${name} = ${value} is no ${fact.type}`] : []),
  ];
}

const VALUES: Readonly<Record<string, RegExp>> = { Bool: /^(?:true|false)$/i, Int: /^-?\d+$/ };

function sameText(a: string | undefined, b: string): boolean {
  return a?.toLowerCase().replaceAll(' ', '') === b.toLowerCase().replaceAll(' ', '');
}

const releases = CATALOGUE.map(({ name }) => name);
const cases = releases.flatMap((release) =>
  possibleHoldings(release).map((holding) => [release, holding] as const),
);

describe('what configure writes for a release', () => {
  test.each(cases)('%s, LDAP holding %s: options that it reads, and no default', async (release, holding) => {
    const options = written(await edits(release, {}, holding), 'ldap');
    expect(options.map(([name]) => name)).toEqual(
      expect.arrayContaining(['url', 'user', 'password', 'suffix']),
    );
    expect(options.flatMap((option) => faults(release, option))).toEqual([]);
  });

  test.each(cases)('%s, LDAP holding %s: drivers that it has', async (release, holding) => {
    const all = await edits(release, {}, holding);
    for (const section of DRIVER_SECTIONS) {
      const { ldap, sql, follows } = driverFact(release, section);
      // A section that follows another one needs a word only where it shall not.
      const wanted = section === 'identity' ? ldap : holding === 'identity' && follows === 'identity' && sql;
      expect(written(all, section), section).toEqual(wanted === false ? [] : [['driver', wanted]]);
    }
  });

  test.each(releases)('%s follows other drivers as the facts say', (release) => {
    for (const section of DRIVER_SECTIONS) {
      const option = driverOption(release, section);
      const { ldap, follows } = driverFact(release, section);
      expect(option?.ldap, section).toBe(ldap);
      const unset = option?.unset;
      expect(typeof unset === 'object' ? unset.follows : undefined, section).toBe(follows);
    }
  });

  const withTls = releases.filter((release) => isSince(release, '2013.2'));
  test.each(withTls)('%s with TLS, and as a domain of its own', async (release) => {
    using folder = new DisposableFolder();
    const domain = { name: 'CORP', configDir: folder.path };
    const all = await edits(release, { startTls: true, caFile: '/etc/ssl/ca.pem', domain });
    const options = written(all, 'ldap');
    expect(options).toEqual(
      expect.arrayContaining([
        ['use_tls', 'true'],
        ['tls_cacertfile', '/etc/ssl/ca.pem'],
      ]),
    );
    expect(options.flatMap((option) => faults(release, option))).toEqual([]);
  });
});

describe('what is known of options', () => {
  test.each(releases)('%s registers the options of the facts, with their defaults', (release) => {
    const known = ldapOptionsOf(release).map(({ name, history }) => [
      name,
      valueText(declaredDefault(history, release)),
      isDeprecated(history, release),
    ]);
    const facts = OPTION_FACTS.filter((fact) => isFactIn(fact, release)).map((fact) => [
      fact.name,
      factDefault(fact, release),
      isDeprecatedFact(fact, release),
    ]);
    expect(known.toSorted(byName)).toEqual(facts.toSorted(byName));
  });
});

function byName(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

/** As the facts write it. */
function valueText(value: OptionValue): string | undefined {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === undefined ? undefined : String(value);
}
