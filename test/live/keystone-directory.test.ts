import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { readText } from '../../src/files.ts';
import {
  startKeystoneDirectory,
  type KeystoneDirectory,
  type KeystoneDirectoryOptions,
} from '../../src/testing/index.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { isRunning } from '../support/is-running.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli } from '../support/run-cli.ts';

async function connect(uri: string, dn: string, password: Secret): Promise<Session> {
  const session = await openSession({ uri, credentials: { kind: 'simple', dn, password } });
  onTestFinished(() => session[Symbol.asyncDispose]());
  return session;
}

const asAdmin = ({ uri, bindDn, password }: KeystoneDirectory) => connect(uri, bindDn, password);
const asConfigAdmin = ({ uri, configDn, configPassword }: KeystoneDirectory) =>
  connect(uri, configDn, configPassword);

/** What the tests compare: data and configuration, operational attributes included where they can come back. */
async function stateOf({ ldapiUri = '', suffix }: KeystoneDirectory) {
  return {
    data: await readEntries(ldapiUri, suffix),
    config: await readEntries(ldapiUri, 'cn=config', ['*', 'entryCSN']),
  };
}

describeLive('startKeystoneDirectory', (slapd) => {
  const start = async (options: KeystoneDirectoryOptions): Promise<KeystoneDirectory> => {
    const directory = await startKeystoneDirectory({ slapd, ...options });
    onTestFinished(() => directory.stop());
    return directory;
  };

  test.each([
    ['diablo', 'joeuser'],
    ['2012.1', 'admin'],
    ['zed', 'admin'],
  ])('makes what verify finds complete for %s', async (release, user) => {
    const directory = await start({ release });
    using folder = new DisposableFolder();
    const conf = folder.write('keystone.conf', directory.keystoneConf);
    const { password = new Secret('') } = directory.users.find(({ name }) => name === user) ?? {};
    const env = { ...directory.environment, KEYSTONE_LDAP_LOGIN_PASSWORD: password.reveal() };
    const run = (...argv: string[]) => runCli([...argv, '--keystone-conf', conf], { env });
    expect(await run('verify', '--login', user)).toMatchObject({ exitCode: 0 });
    expect((await run('configure')).stdout).toContain('already up to date');
  });

  test('takes identities as an object, with passwords as text or as secrets', async () => {
    const { users, trees } = await start({
      release: 'zed',
      identities: {
        users: [
          { name: 'alice', password: 'in clear' },
          { name: 'bob', password: new Secret('a secret') },
          { name: 'eve' },
        ],
        groups: [{ name: 'all', members: ['alice', 'bob'] }],
      },
    });
    expect(users.map(({ name, dn, password }) => [name, dn, password?.reveal()])).toEqual([
      ['alice', `cn=alice,${trees.user}`, 'in clear'],
      ['bob', `cn=bob,${trees.user}`, 'a secret'],
      ['eve', `cn=eve,${trees.user}`, undefined],
    ]);
  });

  test('takes a sample', async () => {
    const { users } = await start({ release: 'zed', sample: 'modern' });
    expect(users.map(({ name }) => name)).toContain('josé');
  });

  test('takes files, and the suffix and trees without anything', async () => {
    using folder = new DisposableFolder();
    folder.write('pw', 'from a file\n');
    const file = folder.write('a.yaml', 'users: [{ name: anna, password_file: pw }]');
    const directory = await start({ release: 'yoga', file, suffix: 'o=Test' });
    const [anna] = directory.users;
    expect(anna).toMatchObject({ id: 'anna', dn: 'cn=anna,ou=Users,o=Test' });
    await connect(directory.uri, anna?.dn ?? '', new Secret('from a file'));

    const { users, ldapiUri = '', suffix } = await start({ release: 'yoga', seed: false });
    expect(users).toEqual([]);
    expect(Object.keys(await readEntries(ldapiUri, suffix))).toHaveLength(3);
  });

  test('offers TLS of a private CA', async () => {
    const { ldapsUri = '', uri, caFile = '', bindDn, password, keystoneConf } = await start({ tls: true });
    const ca = await readText(caFile);
    const credentials = { kind: 'simple', dn: bindDn, password } as const;
    await using over = await openSession({ uri: ldapsUri, ca, credentials });
    await using started = await openSession({ uri, ca, credentials, startTls: 'require' });
    expect([await over.read('', ['1.1']), await started.read('', ['1.1'])]).toEqual([
      expect.objectContaining({ dn: '' }),
      expect.objectContaining({ dn: '' }),
    ]);
    await expect(openSession({ uri: ldapsUri, credentials })).rejects.toMatchObject({ code: 'TLS_FAILED' });
    expect(keystoneConf).toContain(`ldap_url = ${ldapsUri}\n`);
  });

  describe('has a reset that', () => {
    let directory: KeystoneDirectory;
    let before: Awaited<ReturnType<typeof stateOf>>;
    beforeAll(async () => {
      directory = await startKeystoneDirectory({ slapd, release: '2011.3' });
      before = await stateOf(directory);
      return () => directory.stop();
    });
    const dnOf = (user: string): string => directory.users.find(({ name }) => name === user)?.dn ?? '';
    const inTree = (name: string): string => `ou=${name},${directory.trees.user}`;
    const unit = (dn: string) => ({ dn, attributes: { objectClass: ['organizationalUnit'] } });

    const breakIt: readonly (readonly [string, (session: Session) => Promise<void>])[] = [
      ['entries that are new, however deep', (session) => addChain(session)],
      ['entries that are gone', (session) => session.delete(dnOf('joeuser'))],
      [
        'values that are new, changed or gone',
        (session) =>
          session.modify(dnOf('joeuser'), [
            { operation: 'replace', attribute: 'keystoneEnabled', values: ['FALSE'] },
            { operation: 'add', attribute: 'uid', values: ['another'] },
            { operation: 'delete', attribute: 'userPassword', values: [] },
          ]),
      ],
      [
        'a tree whose classes changed, with all that is below',
        (session) =>
          session.modify(directory.trees.user, [
            { operation: 'add', attribute: 'objectClass', values: ['extensibleObject'] },
          ]),
      ],
      [
        'an entry of another class in the place of one',
        async (session) => {
          await session.delete(dnOf('joeuser'));
          const attributes = { objectClass: ['account', 'extensibleObject'], uid: ['joeuser'] };
          await session.add({ dn: dnOf('joeuser'), attributes });
          await session.add(unit(`ou=below,${dnOf('joeuser')}`));
        },
      ],
    ];
    const addChain = async (session: Session): Promise<void> => {
      await session.add(unit(inTree('a')));
      await session.add(unit(`ou=b,${inTree('a')}`));
    };

    test.each(breakIt)('undoes %s, and leaves connections alone', async (_, spoil) => {
      const session = await asAdmin(directory);
      await spoil(session);
      expect((await stateOf(directory)).data).not.toEqual(before.data);
      await directory.reset();
      expect(await stateOf(directory)).toEqual(before);
      expect(await session.read(dnOf('joeuser'), ['1.1'])).toBeDefined();
    });

    test('undoes changes of cn=config, and of data that only these allowed', async () => {
      const config = await asConfigAdmin(directory);
      await config.add({
        dn: 'cn=own,cn=schema,cn=config',
        attributes: {
          objectClass: ['olcSchemaConfig'],
          cn: ['own'],
          olcObjectClasses: ["( 1.3.6.1.4.1.99999.1 NAME 'own' SUP top STRUCTURAL MUST cn )"],
        },
      });
      const session = await asAdmin(directory);
      const dn = `cn=x,${directory.trees.user}`;
      await session.add({ dn, attributes: { objectClass: ['own'], cn: ['x'] } });
      await directory.reset();
      expect(await stateOf(directory)).toEqual(before);
    });

    test('starts a server that was killed, at the same address', async () => {
      const { uri } = directory;
      const session = await asAdmin(directory);
      const { pid } = (await listOwn(directory)) ?? { pid: 0 };
      await session.delete(dnOf('joeuser'));
      process.kill(pid, 'SIGKILL');
      await directory.reset();
      expect(isRunning(pid)).toBe(false);
      expect(directory.uri).toBe(uri);
      expect(await stateOf(directory)).toEqual(before);
    });

    test('may be called by several at once', async () => {
      const session = await asAdmin(directory);
      await session.delete(dnOf('joeuser'));
      await Promise.all([directory.reset(), directory.reset(), directory.reset()]);
      expect(await stateOf(directory)).toEqual(before);
    });
  });

  test('resets nothing once it is stopped', async () => {
    const directory = await start({ seed: false });
    await directory.stop();
    await expect(directory.reset()).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('leaves nothing behind, also where its identities are refused', async () => {
    let left: KeystoneDirectory | undefined;
    {
      await using directory = await startKeystoneDirectory({ slapd });
      left = directory;
    }
    expect(await listOwn(left)).toBeUndefined();
    const identities = { users: [{ name: '' }] };
    await expect(startKeystoneDirectory({ slapd, identities })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test.each<[KeystoneDirectoryOptions, string]>([
    [{ sample: 'modern', file: 'a.yaml' }, 'sample and file do not go together.'],
    [{ seed: false, identities: {} }, 'seed: false and identities do not go together.'],
    [{ release: 'zedd' }, 'Did you mean "zed"?'],
    [{ file: join('no', 'such.yaml') }, 'Cannot read no/such.yaml'],
  ])('refuses %j', async (options, message) => {
    await expect(startKeystoneDirectory({ slapd, ...options })).rejects.toThrow(message);
  });
});

/** The slapd of a directory, as the process table has it. */
async function listOwn({ uri }: KeystoneDirectory): Promise<{ readonly pid: number } | undefined> {
  const { listSandboxes } = await import('../../src/sandbox/sandbox-registry.ts');
  const record = (await listSandboxes()).find((one) => one.uri === uri);
  return record?.slapdPid === undefined ? undefined : { pid: record.slapdPid };
}
