import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NewEntry } from '../../../src/directory/entry.ts';
import { packageFile, readText } from '../../../src/files.ts';
import { hashSha512Crypt } from '../../../src/identities/passwords/password-hash.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../../src/secret.ts';
import { addEntries } from '../../support/add-entries.ts';
import { describeLive } from '../../support/describe-live.ts';
import { DisposableFolder } from '../../support/disposable-folder.ts';
import { readEntries } from '../../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../../support/run-cli.ts';
import { asManager, seededSandbox } from '../../support/seeded-sandbox.ts';

const SUFFIX = 'dc=example,dc=com';
const USERS = `ou=Users,${SUFFIX}`;
const GROUPS = `ou=Groups,${SUFFIX}`;
const DUMB = 'cn=dumb,dc=nonexistent';
const ALL = ['blog', '2011.3', 'essex-1', 'essex-2', '2012-01-20', 'essex-3'] as const;
const MILESTONES = ['essex-1', 'essex-2', '2012-01-20', 'essex-3'] as const;

/** Of "secrete". */
const HASH = hashSha512Crypt(new Secret('secrete')).reveal();

interface Keystone {
  readonly server: Sandbox;
  readonly release: string;
  readonly conf: string;
}

async function keystone(server: Sandbox, release: string): Promise<Keystone> {
  const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
  await writeFile(conf, await readText(packageFile(`fixtures/keystone-conf/${release}.conf`)));
  const argv = ['configure', '--keystone-conf', conf, '--release', release, '--no-backup'];
  expect(await runCliAsAdmin(server, argv)).toMatchObject({ exitCode: 0 });
  return { server, release, conf };
}

/** The codes, with their severities, that neither the sample data nor the account brings. */
async function found(
  command: 'doctor' | 'verify' | 'init',
  { server, release, conf }: Keystone,
): Promise<string[]> {
  const more = { doctor: [], verify: ['--no-sample'], init: ['--read-only'] }[command];
  const argv = [command, '--keystone-conf', conf, '--release', release, '--json', ...more];
  const { stdout } = command === 'init' ? await runCliAsAdmin(server, argv) : await runCli(argv);
  const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string }[] };
  const usual = ['ANONYMOUS_READS', 'CONF_READABLE', 'PASSWORD_CLEAR', 'PASSWORD_READABLE'];
  const others = findings.filter(({ code }) => !usual.includes(code));
  return [...new Set(others.map(({ code, severity }) => `${severity} ${code}`))].sort();
}

/** What all three say, who agree on errors. */
async function agreed(one: Keystone): Promise<string[]> {
  const all = await found('doctor', one);
  const errors = all.filter((text) => text.startsWith('error'));
  for (const command of ['verify', 'init'] as const) {
    const others = (await found(command, one)).filter((text) => text.startsWith('error'));
    expect({ command, errors: others }).toEqual({ command, errors });
  }
  return all;
}

/** The findings with this code, message and all. */
async function said({ release, conf }: Keystone, code: string): Promise<string> {
  const { stdout } = await runCli([
    ...['doctor', '--keystone-conf', conf, '--release', release, '--json', '--severity', 'info'],
  ]);
  const { findings } = JSON.parse(stdout) as { findings: { code: string }[] };
  return JSON.stringify(findings.filter((one) => one.code === code));
}

async function users({ release, conf }: Keystone): Promise<{ exitCode: number; stderr: string }> {
  return await runCli(['users', '--keystone-conf', conf, '--release', release]);
}

async function loginOf(
  user: string,
  { release, conf }: Keystone,
  { password = 'secrete', project }: { readonly password?: string; readonly project?: string } = {},
): Promise<string> {
  const named = project === undefined ? [] : ['--project', project];
  const argv = ['login', user, '--keystone-conf', conf, '--release', release, '--json', ...named];
  const { stdout } = await runCli(argv, { env: { KEYSTONE_LDAP_LOGIN_PASSWORD: password } });
  return (JSON.parse(stdout) as { refusal?: string }).refusal ?? 'in';
}

/** The DN of the entry with this name. */
async function dnOf({ server }: Keystone, name: string, tree: string): Promise<string> {
  const entries = Object.entries(await readEntries(server.ldapiUri, server.suffix));
  const one = entries.find(
    ([dn, attributes]) =>
      dn.endsWith(`,${tree}`) &&
      dn.split(',').length === tree.split(',').length + 1 &&
      [attributes['keystoneName']?.[0], /^\w+=([^,]+)/.exec(dn)?.[1]].includes(name),
  );
  if (one === undefined) throw new Error(`no ${name} in ${tree}`);
  return one[0];
}

function user(release: string, id: string, escaped = id): NewEntry {
  const named = MILESTONES.some((one) => one === release);
  const rdn = release === 'blog' ? 'cn' : 'uid';
  return {
    dn: `${rdn}=${escaped},${USERS}`,
    attributes: {
      objectClass: release === 'blog' ? ['keystoneUser'] : ['keystoneUidObject', 'keystoneUser'],
      [rdn]: [id],
      keystoneEnabled: ['TRUE'],
      userPassword: ['secrete'],
      ...(named ? { keystoneName: [`name of ${id}`] } : {}),
    },
  };
}

describeLive('where the code of 2011 fails', (slapd) => {
  describe.each(ALL)('%s', (release) => {
    let server: Sandbox;
    let sound: Keystone;
    const isMilestone = MILESTONES.some((one) => one === release);
    const isHashed = !['blog', 'essex-3'].includes(release);
    const stored = isHashed ? HASH : 'secrete';

    beforeAll(async () => {
      server = await seededSandbox(release, { slapd });
      return () => server.stop();
    });

    const change = async (job: (keystone: Keystone) => Promise<void>): Promise<Keystone> => {
      sound = await keystone(server, release);
      await job(sound);
      return sound;
    };
    const add = (entry: NewEntry) => change(async () => addEntries(server, [entry]));
    const remove = async (...dns: readonly string[]): Promise<void> => {
      await using session = await asManager(server);
      for (const dn of dns) await session.delete(dn);
    };
    const modify = async (
      dn: string,
      operation: 'add' | 'delete' | 'replace',
      attribute: string,
      values: readonly string[],
    ): Promise<void> => {
      await using session = await asManager(server);
      await session.modify(dn, [{ operation, attribute, values }]);
    };

    test('nothing with the sample data, and its users get in', async () => {
      const one = await keystone(server, release);
      expect(await agreed(one)).toEqual([]);
      expect(await found('verify', one)).toEqual([]);
      expect(await users(one)).toMatchObject({ exitCode: 0 });
      expect(await loginOf('joeuser', one)).toBe('in');
      expect(await loginOf('joeuser', one, { password: 'wrong' })).toBe('wrong password');
    });

    test.each([
      ['a,b', 'a\\,b', 'error USER_BREAKS_LISTING'],
      ['a(b)', 'a(b)', 'error USER_BREAKS_LISTING'],
      ['#a', '\\#a', 'error USER_BREAKS_LISTING'],
      ['a*b', 'a*b', 'error USER_LOSES_ACCESS'],
    ])('a user whose DN has %s', async (id, escaped, code) => {
      const entry = user(release, id, escaped);
      const one = await add(entry);
      const password = isHashed ? ['error PASSWORD_FORM'] : [];
      expect(await agreed(one)).toEqual([...password, code].sort());
      const name = isMilestone ? `name of ${id}` : id;
      const listed = await users(one);
      if (code.endsWith('LISTING')) {
        expect(await loginOf(name, one)).toContain('HTTP 500');
        expect(listed.stderr).toContain('HTTP 500');
        expect(listed.exitCode).not.toBe(0);
      } else expect(listed.exitCode).toBe(0);
      await remove(entry.dn);
    });

    test.each([
      ['cn=Bob', 'Bob', { cn: ['Bob'], uid: ['bob'] }],
      ['cn=Carl+uid=a1', 'Carl', { cn: ['Carl'], uid: ['a1'] }],
    ])('a user with the RDN %s', async (rdn, id, attributes) => {
      if (release === 'blog' && !rdn.includes('+')) return;
      const { dn, attributes: usual } = user(release, id);
      const classes = release === 'blog' ? ['keystoneUser', 'uidObject'] : ['inetOrgPerson', 'keystoneUser'];
      const person = release === 'blog' ? {} : { sn: ['x'] };
      const entry = {
        dn: dn.replace(/^[^,]*/, rdn),
        attributes: { ...usual, ...attributes, ...person, objectClass: classes, userPassword: [stored] },
      };
      const one = await add(entry);
      const tenant = await dnOf(one, 'customer-x', GROUPS).catch(() => dnOf(one, '1234', GROUPS));
      expect(await agreed(one)).toEqual(['error DN_NOT_OF_ID']);
      await modify(tenant, 'add', 'member', [entry.dn]);
      expect(await agreed(one)).toEqual(['error DN_NOT_OF_ID', 'error MEMBER_UNKNOWN']);
      await modify(tenant, 'delete', 'member', [entry.dn]);
      for (const name of [id, id.toLowerCase(), 'a1'])
        expect(await loginOf(name, one)).toBe('there is no such user');
      if (isMilestone)
        expect(await loginOf(`name of ${id}`, one)).toMatch(/finds no uid=\w+,ou=Users.*\(HTTP 401\)$/);
      const { stdout } = await runCli(['users', '--keystone-conf', one.conf, '--release', release, '--json']);
      expect(stdout).toContain(`"id":"${id}"`);
      await remove(entry.dn);
    });

    test('an RDN that is not found by its id, and whose id breaks filters', async () => {
      if (release === 'blog') return;
      const { attributes } = user(release, 'jsmith');
      const entry = {
        dn: `cn=Smith\\, Joe,${USERS}`,
        attributes: {
          ...{ ...attributes, objectClass: ['inetOrgPerson', 'keystoneUser'], cn: ['Smith, Joe'], sn: ['x'] },
          ...(isMilestone ? { keystoneName: ['jsmith'] } : {}),
          userPassword: [stored],
        },
      };
      const one = await add(entry);
      expect(await agreed(one)).toEqual(['error USER_BREAKS_LISTING']);
      if (isMilestone) expect(await loginOf('jsmith', one)).toContain('HTTP 500');
      await remove(entry.dn);
    });

    test('names beyond ASCII: of a user, a tenant, a role', async () => {
      const one = await keystone(server, release);
      const holder = await dnOf(one, 'joeuser', USERS);
      const tenant = await dnOf(one, 'customer-x', GROUPS).catch(() => dnOf(one, '1234', GROUPS));
      const { dn, attributes } = user(release, 'jürgen');
      await addEntries(server, [{ dn, attributes: { ...attributes, userPassword: [stored] } }]);
      expect(await agreed(one)).toEqual(['error NAME_NOT_ASCII']);
      await remove(dn);

      const group = release === 'blog' ? [] : ['groupOfNames'];
      const members = release === 'blog' ? [] : [DUMB];
      const role = `cn=Rôle,${GROUPS}`;
      const grant = `cn=Rôle,${tenant}`;
      const held = { cn: ['Rôle'], member: [...members, holder] };
      await addEntries(server, [
        {
          dn: role,
          attributes: { objectClass: ['keystoneRole', ...group], ...held, member: members },
        },
        {
          dn: grant,
          attributes: { objectClass: ['keystoneTenantRole', ...group], ...held, keystoneRole: [role] },
        },
      ]);
      const isRead = release !== 'blog';
      expect(await agreed(one)).toEqual(isRead ? ['error NAME_NOT_ASCII'] : []);
      expect(await loginOf('joeuser', one)).toBe(isRead ? 'the role Rôle is not ASCII (HTTP 500)' : 'in');
      await remove(grant, role);
    });

    test('a role in a tenant without an entry of the role', async () => {
      const one = await keystone(server, release);
      const tenant = await dnOf(one, 'customer-x', GROUPS).catch(() => dnOf(one, '1234', GROUPS));
      const holder = await dnOf(one, 'joeuser', USERS);
      const dn = `cn=Gone,${tenant}`;
      const classes = release === 'blog' ? [] : ['groupOfNames'];
      const members = [holder, ...(release === 'blog' ? [] : [DUMB])];
      const attributes = { objectClass: ['keystoneTenantRole', ...classes], cn: ['Gone'], member: members };
      await addEntries(server, [{ dn, attributes: { ...attributes, keystoneRole: [`cn=Gone,${GROUPS}`] } }]);
      expect(await agreed(one)).toEqual(release === 'blog' ? [] : ['error ROLE_ENTRY_MISSING']);
      expect(await loginOf('joeuser', one)).toBe(
        release === 'blog' ? 'in' : `role Gone is granted but does not exist as cn=Gone,${GROUPS} (HTTP 500)`,
      );
      await remove(dn);
    });

    test('dangling members: of a tenant, of a role in it, of a role', async () => {
      const one = await keystone(server, release);
      const tenant = await dnOf(one, 'customer-x', GROUPS).catch(() => dnOf(one, '1234', GROUPS));
      const gone = `uid=gone,${USERS}`;
      const [role] = Object.keys(await readEntries(server.ldapiUri, tenant)).filter((dn) => dn !== tenant);
      for (const [dn, expected] of [
        [`cn=Admin,${GROUPS}`, []],
        [tenant, ['error MEMBER_UNKNOWN']],
        [role ?? '', isMilestone ? ['error MEMBER_UNKNOWN'] : []],
      ] as const) {
        await modify(dn, 'add', 'member', [gone]);
        expect({ dn, found: await agreed(one) }).toEqual({ dn, found: expected });
        await modify(dn, 'delete', 'member', [gone]);
      }
    });

    test('a disabled default tenant', async () => {
      const one = await keystone(server, release);
      const tenant = await dnOf(one, 'customer-x', GROUPS).catch(() => dnOf(one, '1234', GROUPS));
      await modify(tenant, 'replace', 'keystoneEnabled', ['FALSE']);
      await modify(tenant, 'add', 'member', [`uid=gone,${USERS}`]);
      expect(await said(one, 'DEFAULT_TENANT_DISABLED')).not.toContain('uid=gone');
      await modify(tenant, 'delete', 'member', [`uid=gone,${USERS}`]);
      const isRefused = ['essex-2', '2012-01-20', 'essex-3'].includes(release);
      const expected = isRefused ? ['warning DEFAULT_TENANT_DISABLED'] : [];
      expect(await found('doctor', one)).toEqual(expected);
      expect(await found('verify', one)).toEqual(expected);
      expect(await loginOf('joeuser', one)).toEqual(
        isRefused ? expect.stringContaining('is disabled (HTTP 403, also in other tenants)') : 'in',
      );
      await modify(tenant, 'replace', 'keystoneEnabled', ['TRUE']);
    });

    test('what is stored for a password', async () => {
      const one = await keystone(server, release);
      const dn = await dnOf(one, 'joeuser', USERS);
      const before = (await readEntries(server.ldapiUri, dn, ['userPassword']))[dn]?.['userPassword'] ?? [];
      // Of "secrete", by no scheme that slapd would check here.
      for (const stored of [
        '{SSHA}xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        '{CRYPT}$6$a$b',
        '$5$a$b',
        '$6$a$b',
        '4711',
        'TRUE',
      ]) {
        await modify(dn, 'replace', 'userPassword', [stored]);
        const isBad = release !== 'blog';
        expect({ stored, found: await agreed(one) }).toEqual({
          stored,
          found: isBad ? ['error PASSWORD_FORM'] : [],
        });
        const answer = await loginOf('joeuser', one, { password: '4711' });
        if (isHashed) expect(answer).toContain('HTTP 500');
        else if (release === 'essex-3') expect(answer).toContain('every login is refused');
      }
      await modify(dn, 'delete', 'userPassword', []);
      expect(await found('doctor', one)).toEqual(release === 'blog' ? [] : ['warning PASSWORD_MISSING']);
      if (isHashed) expect(await loginOf('joeuser', one)).toContain('HTTP 500');
      await modify(dn, 'add', 'userPassword', before);
      const nonAscii = await loginOf('joeuser', one, { password: 'sécrete' });
      const answers: Readonly<Record<string, string>> = { blog: 'HTTP 500', 'essex-3': 'HTTP 401' };
      expect(nonAscii).toContain(answers[release] ?? 'wrong password');
    });

    test('hash-password switched off', async () => {
      const one = await keystone(server, release);
      const text = await readText(one.conf);
      await writeFile(
        one.conf,
        text.replace(/^hash.password = True$/m, (line) => line.replace('True', 'False')),
      );
      // What the hashes are then is its consequence.
      expect(await agreed(one)).toEqual(isHashed ? ['error HASH_PASSWORD_OFF'] : []);
      if (isHashed) expect(await said(one, 'HASH_PASSWORD_OFF')).toMatch(/keystone.conf:\d+: \[DEFAULT\]/);
      expect(await loginOf('joeuser', one)).toEqual(
        isHashed ? expect.stringContaining('every login is refused') : 'in',
      );
    });

    test.each(['True # on', '(True)', '1'])('hash-password = %s', async (value) => {
      const one = await keystone(server, release);
      const text = await readText(one.conf);
      await writeFile(one.conf, text.replace(/^(hash.password =) True$/m, `$1 ${value}`));
      expect(await agreed(one)).toEqual([]);
      expect(await loginOf('joeuser', one)).toBe('in');
    });

    const readsOptions = !['blog', 'essex-3'].includes(release);
    test.each([
      ['user_id_attr = cn', ['error DN_NOT_OF_ID', 'error MEMBER_UNKNOWN'], /no such user|HTTP 401/],
      ['user_id_attr = uid', [], 'in'],
      ['user_id_attr =', ['error CONF_UNREADABLE_VALUE'], undefined],
      ['tenant_id_attr = ou', ['error DN_NOT_OF_ID'], /HTTP 500/],
      ['role_id_attr = ou', ['error DN_NOT_OF_ID'], /HTTP 500/],
      ['user_structural_classes = inetOrgPerson', ['error CONF_UNREADABLE_VALUE'], undefined],
      ["user_structural_classes = ['inetOrgPerson']", [], 'in'],
      ['tenant_structural_classes =', ['error CONF_UNREADABLE_VALUE'], undefined],
      ['use_dumb_member =', ['error CONF_OPTION'], 'in'],
      ['use_dumb_member = False', [], 'in'],
    ])('[keystone.backends.ldap] %s', async (line, expected, answer) => {
      const one = await keystone(server, release);
      const section = '[keystone.backends.ldap]';
      const text = await readText(one.conf);
      await writeFile(one.conf, text.replace(section, `${section}\n${line}`));
      expect(await agreed(one)).toEqual(readsOptions ? expected : ['warning CONF_OPTION']);
      if (!readsOptions) expect(await loginOf('joeuser', one)).toBe('in');
      else if (answer !== undefined) expect(await loginOf('joeuser', one)).toMatch(answer);
    });

    test('an account that is refused', async () => {
      const one = await keystone(server, release);
      const text = await readText(one.conf);
      await writeFile(one.conf, text.replace(/^ldap_password = .*$/m, 'ldap_password = wrong'));
      for (const command of ['doctor', 'verify', 'init'] as const)
        expect(await found(command, one)).toContain('error BIND_FAILS');
      expect(await said(one, 'BIND_FAILS')).toContain(
        'ldap_user and ldap_password of [keystone.backends.ldap]',
      );
    });

    test('what may not be stored for a password, and that clear text is stored', async () => {
      const one = await keystone(server, release);
      const isCleared = release === 'essex-3';
      expect((await said(one, 'PASSWORD_CLEAR')).includes('"severity":"info"')).toBe(isCleared);
      const dn = await dnOf(one, 'joeuser', USERS);
      const before = (await readEntries(server.ldapiUri, dn, ['userPassword']))[dn]?.['userPassword'] ?? [];
      await modify(dn, 'replace', 'userPassword', ['4711']);
      if (isCleared) expect(await said(one, 'PASSWORD_FORM')).toContain('neither a number');
      await modify(dn, 'replace', 'userPassword', before);
    });

    test('is judged as itself, or as one that reads its users alike, unless told otherwise', async () => {
      const one = await keystone(server, release);
      const argv = ['doctor', '--keystone-conf', one.conf, '--json'];
      const { stdout, stderr } = await runCli(argv);
      const { release: taken } = JSON.parse(stdout) as { release: string };
      expect(stdout).not.toContain('OTHER_REVISION');
      expect(stderr).toContain(`taking ${taken}`);
      expect(isMilestone).toBe(MILESTONES.some((name) => name === taken));
      const other = isMilestone ? '2011.3' : 'essex-1';
      expect(await found('verify', { ...one, release: other })).toContain('error OTHER_REVISION');
    });
  });

  test.each(['2011.3', 'essex-2', 'essex-3'])(
    '%s: configure says that passwords are not hashed',
    async (release) => {
      await using server = await startSandbox({ slapd });
      const conf = join(DisposableFolder.ofTest().path, 'keystone.conf');
      const text = await readText(packageFile(`fixtures/keystone-conf/${release}.conf`));
      const argv = ['configure', '--keystone-conf', conf, '--release', release, '--no-backup'];
      for (const [written, isSaid] of [
        [text, false],
        [text.replace(/^hash-password.*$/m, 'hash-password = False'), release !== 'essex-3'],
        [text.replace(/^hash-password.*\n/m, ''), release !== 'essex-3'],
      ] as const) {
        await writeFile(conf, written);
        const { exitCode, stderr } = await runCliAsAdmin(server, argv);
        expect({ exitCode, isSaid: stderr.includes('hash-password is not True') }).toEqual({
          exitCode: 0,
          isSaid,
        });
      }
    },
  );

  test.each(['blog', '2011.3', 'essex-1'])('%s: a user tree below an escaped comma', async (release) => {
    await using server = await seededSandbox(release, { slapd, suffix: 'o=Acme\\, Inc.', seed: false });
    const seeded = await runCliAsAdmin(server, ['seed', '--release', release, '--sample']);
    expect(seeded).toMatchObject({ exitCode: 0 });
    const one = await keystone(server, release);
    expect(await found('doctor', one)).toContain('error TREE_BREAKS_FILTERS');
    expect(await found('verify', one)).toContain('error TREE_BREAKS_FILTERS');
    expect(await loginOf('joeuser', one)).toBe('in');
    expect(await loginOf('joeuser', one, { password: 'other' })).toBe('wrong password');
    const project = release === 'blog' ? '1234' : 'customer-x';
    expect(await loginOf('joeuser', one, { project })).toContain(`no role in ${project}`);
  });

  test('essex-3: a suffix that it never looks at', async () => {
    await using server = await seededSandbox('2012-01-20', { slapd, suffix: 'dc=other', seed: false });
    const init = await runCliAsAdmin(server, ['init', '--release', 'essex-3']);
    expect(init.exitCode).toBe(2);
    expect(init.stderr).toContain('never looks at these trees');
    const seed = await runCliAsAdmin(server, ['seed', '--release', 'essex-3']);
    expect(seed.exitCode).toBe(2);
    expect(seed.stderr).toContain('the user tree ou=Users,dc=other is never looked at');
    const verify = await runCliAsAdmin(server, ['verify', '--release', 'essex-3', '--no-sample']);
    expect(verify.stdout).toContain('error CONF_TREES');
  });

  test.each([
    ['blog', 'pässwort', 'is not ASCII: every login with it ends in HTTP 500'],
    ['essex-3', 'pässwort', 'is not ASCII: every login with it ends in HTTP 401'],
    ['essex-3', '123456', 'is read by Keystone as a number'],
    ['essex-3', 'TRUE', 'is read by Keystone as a truth value'],
  ])('%s: the password %s is refused by seed', async (release, password, text) => {
    await using server = await seededSandbox(release, { slapd, seed: false });
    const file = join(DisposableFolder.ofTest().path, 'a.yaml');
    await writeFile(file, JSON.stringify({ users: [{ name: 'alice', password }] }));
    const { exitCode, stderr } = await runCliAsAdmin(server, ['seed', '--release', release, '--file', file]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain(password);
  });
});
