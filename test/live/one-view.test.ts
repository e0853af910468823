import { beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import type { Entry } from '../../src/directory/entry.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli } from '../support/run-cli.ts';
import { asManager, seededSandbox } from '../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const USERS = `ou=Users,${SUFFIX}`;
const GROUPS = `ou=UserGroups,${SUFFIX}`;

function person(rdn: string, uid: string, password: string, more: Entry['attributes'] = {}): Entry {
  const attributes = { objectClass: ['inetOrgPerson'], uid: [uid], sn: ['x'], userPassword: [password] };
  const [type = '', value = ''] = rdn.split('=');
  return { dn: `${rdn},${USERS}`, attributes: { ...attributes, [type]: [value], ...more } };
}

function group(cn: string, ...members: string[]): Entry {
  return {
    dn: `cn=${cn},${GROUPS}`,
    attributes: {
      objectClass: ['groupOfNames'],
      cn: [cn],
      member: members.map((uid) => `uid=${uid},${USERS}`),
    },
  };
}

/** A user in a group, and both in another one. */
const GROUP_IN_GROUP: readonly Entry[] = [
  person('uid=ann', 'ann', 'a', { cn: ['ann'] }),
  group('devs', 'ann'),
  {
    dn: `cn=all,${GROUPS}`,
    attributes: {
      objectClass: ['groupOfNames'],
      cn: ['all'],
      member: [`uid=ann,${USERS}`, `cn=devs,${GROUPS}`],
    },
  },
];

interface Site {
  readonly entries: readonly Entry[];
  readonly ldap?: readonly string[];
  readonly release?: string;
}

interface Asked {
  readonly exitCode: number;
  readonly stdout: string;
  readonly all: string;
  readonly codes: readonly string[];
}

describeLive('a directory that others filled', (slapd) => {
  let folder: DisposableFolder;

  beforeEach(() => (folder = DisposableFolder.ofTest()));

  async function withSite(
    { entries, ldap = [], release = 'zed' }: Site,
    look: (ask: (argv: readonly string[], password?: string) => Promise<Asked>, uri: string) => Promise<void>,
  ): Promise<void> {
    await using server = await seededSandbox(release, { slapd, seed: false });
    await using session = await asManager(server);
    for (const entry of entries) await session.add(entry);
    const isShort = release === 'zed';
    const driver = (kind: string) =>
      isShort ? 'ldap' : `keystone.${kind}.backends.ldap.${kind === 'identity' ? 'Identity' : 'Assignment'}`;
    const lines = [
      ...['[identity]', `driver = ${driver('identity')}`],
      ...(isShort ? [] : ['[assignment]', `driver = ${driver('assignment')}`]),
      ...['[ldap]', `url = ${server.ldapiUri}`, `suffix = ${SUFFIX}`, 'user = cn=admin,dc=example,dc=com'],
      ...[`password = ${server.password.reveal()}`, 'user_id_attribute = uid', 'user_name_attribute = uid'],
      ...['group_id_attribute = cn', 'group_name_attribute = cn', ...ldap],
    ];
    const conf = folder.write('keystone.conf', `${lines.join('\n')}\n`);
    await look(async ([command = '', ...argv], password) => {
      const env = {
        KEYSTONE_LDAP_URI: server.ldapiUri,
        KEYSTONE_LDAP_BIND_DN: server.bindDn,
        KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
        KEYSTONE_LDAP_LOGIN_PASSWORD: password ?? 'none',
      };
      const common = ['--keystone-conf', conf, '--release', release, '--json'];
      const { exitCode, stdout, stderr } = await runCli([command, ...argv, ...common], { env });
      const { findings = [] } = (stdout === '' ? {} : JSON.parse(stdout)) as { findings?: Finding[] };
      const errors = findings.filter(({ severity }) => severity === 'error');
      return { exitCode, stdout, all: stdout + stderr, codes: errors.map(({ code }) => code) };
    }, server.ldapiUri);
  }

  describe('gets one verdict of doctor, verify and init --read-only', () => {
    const carl = `uid=carl,ou=More,${USERS}`;
    test.each<[string, Site, string]>([
      [
        'an id that two users have',
        {
          entries: [
            person('uid=carl', 'carl', 'a', { cn: ['carl'] }),
            { dn: `ou=More,${USERS}`, attributes: { objectClass: ['organizationalUnit'], ou: ['More'] } },
            { ...person('uid=carl', 'carl', 'b', { cn: ['carl'] }), dn: carl },
          ],
          ldap: ['query_scope = sub'],
        },
        'ID_AMBIGUOUS',
      ],
      [
        'an id that is too long',
        { entries: [person(`uid=${'l'.repeat(65)}`, 'l'.repeat(65), 'a', { cn: ['l'] })] },
        'ID_TOO_LONG',
      ],
      [
        'a group with a member that has no id',
        {
          entries: [
            person('uid=ann', 'ann', 'a', { cn: ['ann'] }),
            {
              dn: `cn=noid,${USERS}`,
              attributes: { objectClass: ['inetOrgPerson'], cn: ['noid'], sn: ['x'] },
            },
            {
              dn: `cn=devs,${GROUPS}`,
              attributes: { objectClass: ['groupOfNames'], cn: ['devs'], member: [`cn=noid,${USERS}`] },
            },
          ],
        },
        'MEMBER_LEFT_OUT',
      ],
      [
        'an id attribute that the server computes, and a group in a group',
        {
          entries: GROUP_IN_GROUP,
          ldap: ['user_id_attribute = entryUUID'],
        },
        'MEMBERS_FAIL',
      ],
      [
        'an id attribute in another spelling, and a group in a group',
        {
          entries: GROUP_IN_GROUP,
          ldap: ['user_id_attribute = SN'],
        },
        'ATTRIBUTE_SPELLING',
      ],
      [
        'a role in a project that has no entry',
        {
          release: '2014.2',
          entries: [
            person('uid=ann', 'ann', 'a', { cn: ['ann'] }),
            {
              dn: `cn=p1,ou=Groups,${SUFFIX}`,
              attributes: {
                objectClass: ['groupOfNames'],
                cn: ['p1'],
                ou: ['one'],
                member: [`uid=ann,${USERS}`],
              },
            },
            {
              dn: `cn=ghost,cn=p1,ou=Groups,${SUFFIX}`,
              attributes: {
                objectClass: ['organizationalRole'],
                cn: ['ghost'],
                roleOccupant: [`uid=ann,${USERS}`],
              },
            },
          ],
        },
        'ROLE_ENTRY_MISSING',
      ],
    ])('%s', async (_, site, code) => {
      await withSite(site, async (ask) => {
        for (const command of [['doctor', '--severity', 'error'], ['verify'], ['init', '--read-only']]) {
          const { exitCode, codes, all } = await ask(command);
          expect(codes, all).toContain(code);
          expect(exitCode).toBe(1);
        }
      });
    });
  });

  test('is not told to seed sample data, and stays as it is', async () => {
    const entries = [
      person('uid=ann', 'ann', 'a', { cn: ['ann'] }),
      {
        dn: `cn=p1,ou=Groups,${SUFFIX}`,
        attributes: { objectClass: ['groupOfNames'], cn: ['p1'], ou: ['one'], member: [`uid=ann,${USERS}`] },
      },
    ];
    for (const release of ['2013.2', '2014.2'])
      await withSite({ entries, release }, async (ask, uri) => {
        const before = await readEntries(uri, SUFFIX);
        for (const command of [['doctor', '--severity', 'error'], ['verify'], ['init', '--read-only']]) {
          const { exitCode, all } = await ask(command);
          expect(all).not.toContain('keystone-ldap seed');
          expect(all).not.toContain('enabled_emulation');
          expect(exitCode, all).toBe(0);
        }
        expect(await readEntries(uri, SUFFIX)).toEqual(before);
      });
  });

  test('lets in by the password of whom the id leads to', async () => {
    const shared = { description: ['same'] };
    const entries = [person('cn=cat', 'cat', 'cat-pw', shared), person('cn=dan', 'dan', 'dan-pw', shared)];
    const ldap = ['user_id_attribute = description', 'user_name_attribute = cn'];
    await withSite({ entries, ldap }, async (ask) => {
      const [right, wrong] = [await ask(['login', 'dan'], 'cat-pw'), await ask(['login', 'dan'], 'dan-pw')];
      expect([right.exitCode, wrong.exitCode]).toEqual([0, 1]);
      for (const { stdout } of [right, wrong])
        expect(JSON.parse(stdout)).toMatchObject({ dn: `cn=dan,${USERS}`, passwordOf: `cn=cat,${USERS}` });
    });
  });

  test('refuses a wrong password also if the filter of groups is none, and fails with the right one', async () => {
    const site = { entries: [person('uid=ann', 'ann', 'pw', { cn: ['ann'] }), group('devs', 'ann')] };
    await withSite({ ...site, ldap: ['group_filter = (cn=devs))'] }, async (ask) => {
      expect(await ask(['login', 'ann'], 'wrong')).toMatchObject({
        exitCode: 1,
        all: expect.stringContaining('"wrong password"') as string,
      });
      const right = await ask(['login', 'ann'], 'pw');
      expect(right.exitCode).toBe(1);
      expect(right.all).toContain('HTTP 500');
    });
    await withSite({ ...site, ldap: ['user_filter = uid=ann'] }, async (ask) => {
      const answer = await ask(['login', 'ann'], 'pw');
      expect(answer.exitCode).toBe(1);
      expect(answer.all).toContain('HTTP 500');
    });
    await withSite({ ...site, ldap: ['group_attribute_ignore = name'] }, async (ask) => {
      expect(JSON.parse((await ask(['login', 'ann'], 'pw')).stdout)).toMatchObject({ groups: ['devs'] });
    });
  });

  test('names the option and the line of what is not the name of an attribute, and nothing else', async () => {
    const site = { entries: [person('uid=ann', 'ann', 'pw', { cn: ['ann'] }), group('devs', 'ann')] };
    for (const value of ['uid,cn', 'uid cn', 'u_d'])
      await withSite({ ...site, ldap: [`user_id_attribute = ${value}`] }, async (ask) => {
        for (const argv of [['doctor', '--severity', 'error'], ['verify'], ['init', '--read-only']]) {
          const { codes, all } = await ask(argv);
          expect(codes, all).toEqual(['CONF_UNREADABLE_VALUE']);
          expect(all).toContain('keystone.conf:12');
        }
        for (const argv of [['users'], ['login', 'ann'], ['groups', '--members']])
          expect((await ask(argv, 'pw')).all).toContain('keystone.conf:12: [ldap] user_id_attribute');
        // Keystone lists groups all the same.
        expect(await ask(['groups'])).toMatchObject({ exitCode: 0 });
      });
    for (const option of ['user_name_attribute', 'group_member_attribute'])
      await withSite({ ...site, ldap: [`${option} = uid,cn`] }, async (ask) => {
        for (const argv of [['doctor', '--severity', 'error'], ['verify'], ['init', '--read-only']]) {
          const { codes, all } = await ask(argv);
          expect(codes, all).toEqual(['SCHEMA_MISSING']);
          expect(all).toContain(`keystone.conf:12: [ldap] ${option}`);
        }
        const answer = await ask(['login', 'ann'], 'pw');
        expect(answer.exitCode).toBe(1);
        expect(answer.all).toContain(`keystone.conf:12: [ldap] ${option} = uid,cn: not the name of one`);
      });
    await withSite(site, async (ask) => {
      const { exitCode, all } = await ask(['init', '--read-only', '--map', 'user_id_attribute=uid,cn']);
      expect(exitCode).toBe(2);
      expect(all).toContain('user_id_attribute: \\"uid,cn\\" is not the name of one attribute');
    });
  });

  test('names the attribute that no user has, and not the tree', async () => {
    for (const option of ['user_id_attribute', 'user_name_attribute']) {
      const site = {
        entries: [person('uid=ann', 'ann', 'pw', { cn: ['ann'] })],
        ldap: [`${option} = mobile`],
      };
      await withSite(site, async (ask) => {
        for (const argv of [['doctor', '--severity', 'error'], ['verify'], ['init', '--read-only']]) {
          const { codes, all } = await ask(argv);
          expect(codes, all).toEqual(['TOO_FEW_USERS']);
          expect(all).toContain(`1 such entry has no mobile, which is ${option} (`);
          expect(all).toContain(`keystone.conf:12: [ldap] ${option} = mobile`);
          expect(all).toContain(`Correct ${option}: decide`);
        }
      });
    }
  });

  test('names the file and the lines of what says who is enabled', async () => {
    const entries = [person('uid=ann', 'ann', 'pw', { cn: ['ann'] })];
    const ldap = ['user_enabled_attribute = departmentNumber', 'user_enabled_mask = 2'];
    await withSite({ entries, ldap: [...ldap, 'user_enabled_default = nine'] }, async (ask) => {
      for (const argv of [['doctor', '--severity', 'error'], ['verify'], ['init', '--read-only']]) {
        const { codes, all } = await ask(argv);
        expect(codes, all).toContain('ENABLED_DEFAULT');
        expect(all).toContain(`${folder.path}/keystone.conf:14: [ldap] user_enabled_default = nine`);
        expect(all).toContain(`user_enabled_mask is 2 (${folder.path}/keystone.conf:13)`);
      }
    });
  });
});
