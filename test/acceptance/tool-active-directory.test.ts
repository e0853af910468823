import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { packagedConf } from '../support/keystone/packaged-conf.ts';
import { probeDriver } from '../support/keystone/probe-driver.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { changeNumbers } from '../support/read-entries.ts';
import {
  ACCOUNT_DISABLED,
  AD_BASE,
  AD_COMPUTER,
  AD_ROOTS,
  AD_SCHEMA,
  AD_STAFF,
  AD_TEAMS,
  adGroup,
  adUser,
  NORMAL_ACCOUNT,
  PASSWORD_NEVER_EXPIRES,
} from './active-directory.ts';
import { agreedAnswer, emailOf, workplace, type People } from './tool.ts';
import { passwordOf } from './trees.ts';

const account = (login: string, office: 'Berlin' | 'Paris', control?: number) =>
  adUser(login, office, {
    password: passwordOf(login),
    mail: emailOf(login),
    ...(control !== undefined && { control }),
  });

const USERS = {
  alice: account('alice', 'Berlin', NORMAL_ACCOUNT),
  bob: account('bob', 'Paris', NORMAL_ACCOUNT | PASSWORD_NEVER_EXPIRES),
  carol: account('carol', 'Paris'),
  josé: account('josé', 'Berlin', NORMAL_ACCOUNT),
  dave: account('dave', 'Paris', NORMAL_ACCOUNT | PASSWORD_NEVER_EXPIRES | ACCOUNT_DISABLED),
  eve: account('eve', 'Berlin', NORMAL_ACCOUNT | ACCOUNT_DISABLED),
};

const PEOPLE: People = {
  enabled: ['alice', 'bob', 'carol', 'josé'],
  disabled: ['dave', 'eve'],
  groups: {
    ops: ['alice', 'eve', 'josé'],
    all: ['alice', 'bob', 'carol', 'dave', 'eve', 'josé'],
    nobody: [],
  },
};

const FILTER = '(&(objectClass=user)(!(objectClass=computer)))';
const OPTIONS = {
  user_objectclass: 'organizationalPerson',
  user_filter: FILTER,
  user_id_attribute: 'sAMAccountName',
  user_name_attribute: 'sAMAccountName',
  user_enabled_attribute: 'userAccountControl',
  user_enabled_mask: '2',
  user_enabled_default: '512',
  group_objectclass: 'group',
  group_name_attribute: 'sAMAccountName',
  query_scope: 'sub',
};
const SPELT_AT_WILL = /^(?!user_id_).*_(?:attribute|objectclass)$/;
const TREES = { 'user-tree-dn': AD_STAFF, 'group-tree-dn': AD_TEAMS };

const flagsOf = (options: Readonly<Record<string, string>>): string[] => [
  ...Object.entries(options).flatMap(([name, value]) => ['--map', `${name}=${value}`]),
  ...Object.entries(TREES).flatMap(([name, dn]) => [`--${name}`, dn]),
];

describeKeystone('A tree in the style of Active Directory, for Keystone 22,', ({ slapd }) => {
  async function fill(directory: Sandbox): Promise<void> {
    const dns = (logins: readonly string[] = []) =>
      logins.map((login) => USERS[login as keyof typeof USERS].dn);
    await addEntries(directory, [
      AD_SCHEMA,
      ...AD_ROOTS,
      ...Object.values(USERS),
      AD_COMPUTER,
      adGroup('ops', dns(PEOPLE.groups['ops'])),
      adGroup('all', [...dns(PEOPLE.groups['all']), AD_COMPUTER.dn]),
      adGroup('nobody', []),
    ]);
  }

  test.each([
    ['as its own tools write them', (name: string) => name],
    ['in lower case', (name: string) => name.toLowerCase()],
    ['in upper case', (name: string) => name.toUpperCase()],
  ])('is read with names %s, that of the id apart', async (_, spelt) => {
    await using directory = await startSandbox({ slapd });
    await fill(directory);
    const place = await workplace(directory, PEOPLE);
    const options = Object.entries(OPTIONS).map(([name, value]) => [
      name,
      SPELT_AT_WILL.test(name) ? spelt(value) : value,
    ]);
    const flags = flagsOf(Object.fromEntries(options) as Record<string, string>);
    const before = await changeNumbers(directory.ldapiUri, directory.suffix);
    const { stdout } = await place.run('init', '--read-only', ...flags);
    expect(stdout).toContain('Schema and trees of zed are there; nothing was written.');
    await place.run('configure', '--keystone-conf', place.conf, ...flags, '--suffix', AD_BASE);
    // The computer in group all is no user.
    const { users } = await agreedAnswer(place, PEOPLE, { warnings: 1 });
    expect(users.map(({ id, email }) => [id, email])).toEqual(
      Object.keys(USERS).map((login) => [login, emailOf(login)]),
    );
    expect(await changeNumbers(directory.ldapiUri, directory.suffix)).toEqual(before);
  });

  test('needs the id attribute in the spelling of the server for the members of groups, as verify says', async () => {
    await using directory = await startSandbox({ slapd });
    await fill(directory);
    const place = await workplace(directory, PEOPLE);
    const flags = flagsOf({ ...OPTIONS, user_id_attribute: 'samaccountname' });
    const init = ['init', '--read-only', '--release', 'zed', ...flags, '--json'];
    const looked = await runCliAsAdmin(directory, init);
    expect(looked.exitCode).toBe(1);
    expect(JSON.parse(looked.stdout)).toMatchObject({
      findings: [{ code: 'ATTRIBUTE_SPELLING', severity: 'error' }],
    });
    await place.run('configure', '--keystone-conf', place.conf, ...flags, '--suffix', AD_BASE);
    const [answer] = await probeDriver({
      confs: [await readFile(place.conf, 'utf8')],
      logins: [['alice', passwordOf('alice')]],
    });
    expect(answer).toMatchObject({ logins: ['alice'], groupsOf: { alice: ['Team all', 'Team ops'] } });
    expect(answer).toMatchObject({ usersOf: { 'Team ops': { error: 'NotFound' }, 'Team nobody': [] } });
    const verify = ['verify', '--keystone-conf', place.conf, '--file', place.identities, '--json'];
    const env = { KEYSTONE_LDAP_RELEASE: 'zed' };
    const { exitCode, stdout } = await runCliAsAdmin(directory, verify, { env });
    expect(exitCode).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
    const member = { code: 'MEMBER_UNKNOWN', severity: 'error', subject: 'group ops' };
    expect(findings.filter(({ subject }) => subject === 'group ops')).toMatchObject(
      Array.from({ length: 3 }, () => ({
        ...member,
        message: expect.stringMatching(/HTTP 404$/) as string,
      })),
    );
    expect(findings.find(({ code }) => code === 'ATTRIBUTE_SPELLING')?.remedy).toContain('sAMAccountName');
  });

  test('gets a configuration of just the options that its mapping sets', async () => {
    await using directory = await startSandbox({ slapd });
    await fill(directory);
    const place = await workplace(directory, PEOPLE);
    await place.run('configure', '--keystone-conf', place.conf, ...flagsOf(OPTIONS), '--suffix', AD_BASE);
    const activeIn = (text: string): string[] => text.split('\n').filter((line) => /^\w+ = /.test(line));
    const before = new Set(activeIn(await packagedConf()));
    const active = activeIn(await readFile(place.conf, 'utf8')).filter((line) => !before.has(line));
    expect(active.sort()).toEqual(
      [
        'driver = ldap',
        `url = ${directory.uri}`,
        `user = ${directory.bindDn}`,
        `password = ${directory.password.reveal()}`,
        `suffix = ${AD_BASE}`,
        `user_tree_dn = ${AD_STAFF}`,
        `group_tree_dn = ${AD_TEAMS}`,
        ...Object.entries(OPTIONS).map(([name, value]) => `${name} = ${value}`),
      ].sort(),
    );
  });
});
