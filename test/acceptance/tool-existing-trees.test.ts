import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { probeDriver } from '../support/keystone/probe-driver.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { agreedAnswer, emailOf, identitiesOf, workplace, type People } from './tool.ts';
import { passwordOf } from './trees.ts';

const BASE = 'dc=example,dc=com';
const PEOPLE = `ou=People,${BASE}`;
const TEAMS = `ou=Teams,${BASE}`;
const TREES = ['--user-tree-dn', PEOPLE, '--group-tree-dn', TEAMS];

const unit = (dn: string): NewEntry => ({
  dn,
  attributes: { objectClass: ['organizationalUnit'], ou: [/^ou=([^,]*)/.exec(dn)?.[1] ?? ''] },
});

const ROOTS: readonly NewEntry[] = [
  { dn: BASE, attributes: { objectClass: ['domain'], dc: ['example'] } },
  unit(PEOPLE),
  unit(TEAMS),
];

/** Somebody whose entry is named by the full name, and who logs in with another. */
const person = (login: string, parent = PEOPLE, more: NewEntry['attributes'] = {}): NewEntry => ({
  dn: `cn=${login} of Example,${parent}`,
  attributes: {
    objectClass: ['inetOrgPerson'],
    cn: [`${login} of Example`],
    sn: ['Example'],
    uid: [login],
    mail: [emailOf(login)],
    userPassword: [new Secret(sshaPassword(new Secret(passwordOf(login))))],
    ...more,
  },
});

const team = (name: string, members: readonly string[], parent = TEAMS): NewEntry => ({
  dn: `cn=${name},${parent}`,
  attributes: { objectClass: ['groupOfNames'], cn: [name], member: members },
});

const maps = (...pairs: readonly string[]): string[] => pairs.flatMap((pair) => ['--map', pair]);
const BY_UID = ['user_id_attribute=uid', 'user_name_attribute=uid', 'group_name_attribute=cn'];

describeKeystone('An existing tree, for Keystone 22', ({ slapd }) => {
  test('that names users by their full names is added to, and read, where its entries are', async () => {
    await using directory = await startSandbox({ slapd });
    const [alice, bob] = [person('alice'), person('bob')];
    await addEntries(directory, [...ROOTS, alice, bob, team('all', [alice.dn, bob.dn])]);
    const people: People = {
      enabled: ['alice', 'josé'],
      disabled: ['bob'],
      groups: { all: ['alice', 'bob', 'josé'], ops: ['bob', 'josé'] },
    };
    const place = await workplace(directory, people);
    const map = [...maps(...BY_UID, 'user_enabled_attribute=employeeType'), ...TREES];
    await place.run('seed', '--file', place.identities, ...map);
    await place.run('configure', '--keystone-conf', place.conf, ...map, '--suffix', BASE);
    const entries = await readEntries(directory.ldapiUri, BASE);
    const josé = `uid=josé,${PEOPLE}`;
    expect(Object.keys(entries).filter((dn) => dn.endsWith(`,${PEOPLE}`))).toEqual([alice.dn, bob.dn, josé]);
    expect(entries[`cn=all,${TEAMS}`]?.['member']).toEqual([alice.dn, bob.dn, josé]);
    expect(entries[`cn=ops,${TEAMS}`]?.['member']).toEqual([bob.dn, josé]);
    await agreedAnswer(place, people);
    expect((await place.run('seed', '--file', place.identities, ...map)).stdout).toMatch(
      /already up to date/,
    );
  });

  test('whose users have several values of the id attribute is read by the first, or by that of the RDN', async () => {
    await using directory = await startSandbox({ slapd });
    const alice = person('alice', PEOPLE, { uid: ['alice', 'al'] });
    const { attributes } = person('bob');
    const bob: NewEntry = { dn: `uid=bob,${PEOPLE}`, attributes: { ...attributes, uid: ['bob', 'robert'] } };
    await addEntries(directory, [...ROOTS, alice, bob, team('all', [alice.dn, bob.dn])]);
    const people: People = { enabled: ['alice', 'bob'], disabled: [], groups: { all: ['alice', 'bob'] } };
    const place = await workplace(directory, people);
    const map = [...maps(...BY_UID, 'user_enabled_attribute=carLicense'), ...TREES];
    await place.run('configure', '--keystone-conf', place.conf, ...map, '--suffix', BASE);
    const { users } = await agreedAnswer(place, people);
    expect(users.map(({ id }) => id)).toEqual(['alice', 'bob']);
  });

  test('of that kind needs scope sub for enabled emulation, as verify says', async () => {
    await using directory = await startSandbox({ slapd });
    const alice = person('alice');
    await addEntries(directory, [...ROOTS, alice]);
    const people: People = { enabled: ['alice'], disabled: [], groups: {} };
    const place = await workplace(directory, people);
    const map = [...maps(...BY_UID, 'user_enabled_emulation=true'), ...TREES];
    await place.run('seed', '--file', place.identities, ...map);
    await place.run('configure', '--keystone-conf', place.conf, ...map, '--suffix', BASE);
    const verify = ['verify', '--keystone-conf', place.conf, '--file', place.identities, '--json'];
    const env = { KEYSTONE_LDAP_RELEASE: 'zed' };
    const { exitCode, stdout } = await runCliAsAdmin(directory, verify, { env });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [
        { code: 'EVERYBODY_DISABLED' },
        {
          code: 'ENABLED_DIFFERS',
          subject: 'user alice',
          remedy: expect.stringContaining('query_scope=sub') as string,
        },
      ],
    });
    const [answer] = await probeDriver({ confs: [await readFile(place.conf, 'utf8')] });
    expect(answer).toMatchObject({ users: [{ id: 'alice', enabled: false }] });
    const sub = [...map, ...maps('query_scope=sub')];
    await place.run('configure', '--keystone-conf', place.conf, ...sub, '--suffix', BASE);
    await agreedAnswer(place, people);
  });

  test('that is nested and filtered is read as far as the filters let it', async () => {
    await using directory = await startSandbox({ slapd });
    const [north, south] = [`ou=North,${PEOPLE}`, `ou=South,${PEOPLE}`];
    const staff = { employeeType: ['staff'] };
    const [alice, bob] = [person('alice', north, staff), person('bob', south, staff)];
    const [guest, inner] = [person('guest', south, { employeeType: ['guest'] }), `ou=Inner,${TEAMS}`];
    await addEntries(directory, [
      ...ROOTS,
      ...[unit(north), unit(south), unit(inner), alice, bob, guest],
      team('all', [alice.dn, bob.dn, guest.dn], inner),
      team('hidden', [alice.dn]),
    ]);
    const people: People = { enabled: ['alice', 'bob'], disabled: [], groups: { all: ['alice', 'bob'] } };
    const place = await workplace(directory, people);
    const filters = ['user_filter=(employeeType=staff)', 'group_filter=(!(cn=hidden))'];
    const map = [
      ...maps(...BY_UID, ...filters, 'query_scope=sub', 'user_enabled_attribute=carLicense'),
      ...TREES,
    ];
    await place.run('configure', '--keystone-conf', place.conf, ...map, '--suffix', BASE);
    await agreedAnswer(place, people, { warnings: 1 });
  });

  test('with posixGroup and memberUid is read by ids, and seed says what it cannot make', async () => {
    await using directory = await startSandbox({ slapd });
    const posix: NewEntry = {
      dn: `cn=ops,${TEAMS}`,
      attributes: {
        objectClass: ['posixGroup'],
        cn: ['ops'],
        gidNumber: ['1000'],
        memberUid: ['alice', 'carol'],
      },
    };
    const users = ['alice', 'bob', 'carol'].map((login) => person(login));
    await addEntries(directory, [...ROOTS, ...users, posix]);
    const people: People = {
      enabled: ['alice', 'bob', 'carol'],
      disabled: [],
      groups: { ops: ['alice', 'carol'] },
    };
    const place = await workplace(directory, people);
    const options = [
      'group_objectclass=posixGroup',
      'group_member_attribute=memberUid',
      'group_members_are_ids=true',
    ];
    const map = [...maps(...BY_UID, ...options, 'user_enabled_attribute=carLicense'), ...TREES];
    await place.run('configure', '--keystone-conf', place.conf, ...map, '--suffix', BASE);
    await agreedAnswer(place, people);
    const before = await readEntries(directory.ldapiUri, BASE);
    const file = `${place.folder}/more.json`;
    await writeFile(file, identitiesOf({ ...people, groups: { ...people.groups, new: ['bob'] } }));
    const { exitCode, stderr } = await runCliAsAdmin(directory, ['seed', '--file', file, ...map], {
      env: { KEYSTONE_LDAP_RELEASE: 'zed' },
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/group new: posixGroup demands gidNumber/) as string,
    });
    expect(await readEntries(directory.ldapiUri, BASE)).toEqual(before);
  });
});
