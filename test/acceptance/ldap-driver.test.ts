import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { NewEntry } from '../../src/directory/entry.ts';
import { createSandboxDir } from '../../src/sandbox/sandbox-registry.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { addEntries } from '../support/add-entries.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { probeDriver } from '../support/keystone/probe-driver.ts';
import { createPrivateCa } from '../../src/sandbox/private-ca.ts';
import { writeBytes } from '../support/write-bytes.ts';
import { CN_LAYOUT, CN_TREE, ldapConf, passwordOf, UID_LAYOUT, UID_TREE, USERS } from './trees.ts';

const groupWith = (name: string, member: string): NewEntry => ({
  dn: `cn=${name},ou=Groups,dc=example,dc=com`,
  attributes: { objectClass: ['groupOfNames'], cn: [name], member: [member, `uid=bob,${USERS}`] },
});

describeKeystone("Keystone 22's LDAP driver", ({ slapd }) => {
  test('reads one directory as each configuration tells it', async () => {
    await using directory = await startSandbox({ slapd });
    await addEntries(directory, UID_TREE);
    const [fitting, byDefaults, groupsByOu] = await probeDriver({
      confs: [
        ldapConf(directory, UID_LAYOUT),
        ldapConf(directory, {}),
        ldapConf(directory, { ...UID_LAYOUT, group_name_attribute: 'ou' }),
      ],
      logins: [
        ['alice', passwordOf('alice')],
        ['ALICE', passwordOf('alice')],
        ['alice', passwordOf('bob')],
        ['alice', ''],
      ],
    });
    const refused = { error: 'AssertionError' };
    expect(fitting).toMatchObject({
      users: [
        { id: 'alice', name: 'alice', enabled: true },
        { id: 'bob', name: 'bob', enabled: true },
        { id: 'eve', name: 'eve', enabled: false },
      ],
      groupsOf: { alice: ['all', 'ops'], bob: ['all'], eve: ['all', 'ops'] },
      usersOf: { ops: ['alice', 'eve'], all: ['alice', 'bob', 'eve'] },
      logins: ['alice', 'alice', refused, refused],
    });
    // The defaults take cn for the id and sn for the name, and look for groups below ou=UserGroups.
    expect(byDefaults).toMatchObject({
      users: ['alice', 'bob', 'eve'].map((login) => ({ id: `${login} of Example`, name: 'Example' })),
      groups: [],
    });
    expect(groupsByOu).toMatchObject({ groups: [], groupsOf: { alice: [] } });
  });

  test('shows an id of 16 bytes as a GUID, by which it finds nobody, and lists nobody for the sake of other bytes', async () => {
    await using directory = await startSandbox({ slapd });
    await addEntries(directory, UID_TREE);
    const ask = async () => {
      const [answer] = await probeDriver({
        confs: [ldapConf(directory, { ...UID_LAYOUT, user_id_attribute: 'audio' })],
        logins: [['alice', passwordOf('alice')]],
      });
      return answer;
    };
    const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    await writeBytes(directory, `uid=alice,${USERS}`, 'audio', bytes);
    const guid = '33221100-5544-7766-8899-aabbccddeeff';
    expect(await ask()).toMatchObject({
      users: [{ id: guid, name: 'alice' }],
      groupsOf: { [guid]: { error: 'UserNotFound' } },
      logins: [{ error: 'AssertionError' }],
    });
    await writeBytes(directory, `uid=bob,${USERS}`, 'audio', bytes.subarray(4));
    expect(await ask()).toMatchObject({ error: 'NotFound' });
  });

  test('gives up a whole group for a member that it cannot turn into an id', async () => {
    await using directory = await startSandbox({ slapd });
    await addEntries(directory, [
      ...UID_TREE,
      groupWith('foreign', 'cn=dumb,dc=nonexistent'),
      groupWith('named', 'uid=dumb,dc=nonexistent'),
      groupWith('empty', ''),
      groupWith('nested', 'cn=ops,ou=Groups,dc=example,dc=com'),
    ]);
    const [answer] = await probeDriver({ confs: [ldapConf(directory, UID_LAYOUT)] });
    expect(answer).toMatchObject({
      usersOf: {
        foreign: { error: 'NO_SUCH_OBJECT' },
        named: ['bob'],
        empty: { error: expect.any(String) as string },
        nested: { error: 'NotFound' },
      },
      groupsOf: { bob: ['all', 'empty', 'foreign', 'named', 'nested'] },
    });
  });

  test('reaches a server that demands TLS with StartTLS and its CA only', async () => {
    const dir = await createSandboxDir();
    onTestFinished(() => rm(dir, { recursive: true }));
    const { ca, certificate, key } = await createPrivateCa(dir);
    const global = {
      olcTLSCertificateFile: [certificate],
      olcTLSCertificateKeyFile: [key],
      olcSecurity: ['simple_bind=64'],
    };
    await using directory = await startSandbox({ slapd, tuning: { global } });
    await addEntries(directory, CN_TREE);
    const ask = (tls: Readonly<Record<string, string | boolean>>) =>
      probeDriver({
        confs: [ldapConf(directory, { ...CN_LAYOUT, ...tls })],
        logins: [['alice', passwordOf('alice')]],
      });
    const [secure, clear, untrusted] = await Promise.all([
      ask({ use_tls: true, tls_cacertfile: ca }),
      ask({}),
      ask({ use_tls: true }),
    ]);
    expect(secure).toMatchObject([{ logins: ['alice'] }]);
    const failing = (message: RegExp) => [
      { error: 'BackendError', message: expect.stringMatching(message) as string },
    ];
    expect(clear).toEqual(failing(/Confidentiality required/));
    expect(untrusted).toEqual(failing(/Could not activate TLS/));
  });
});
