import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StartedTestContainer } from 'testcontainers';
import { valuesOf, type Entry } from '../../src/directory/entry.ts';
import { present } from '../../src/directory/filter.ts';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import { describeDocker } from '../support/describe-docker.ts';
import {
  ADMIN,
  bindTo,
  directoryContainer,
  file,
  IMAGE,
  KEYSTONE,
  logsOf,
  PASSWORDS,
  SUFFIX,
} from '../support/directory-container.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { createPrivateCa } from '../../src/sandbox/private-ca.ts';

const IDENTITIES = `
users: [{ name: alice, password: alice-secret }, { name: bob, password: bob-secret, enabled: false }]
groups: [{ name: ops, members: [alice] }]
`;
const DECLARED = `release: zed
identities:
  users: [{ name: alice, password: alice-secret }]
  groups: [{ name: ops, members: [alice] }]
`;
const CONF = '/etc/keystone/keystone.conf';

/** What any write would change. */
async function changeNumbers(session: Session, base: string): Promise<unknown> {
  const request = { base, scope: 'sub', filter: present('objectClass'), attributes: ['entryCSN'] } as const;
  const entries: Entry[] = [];
  for await (const entry of session.search(request)) entries.push(entry);
  return entries;
}

describeDocker('the image', () => {
  describe('with identities, secrets and a keystone.conf to write', () => {
    let container: StartedTestContainer;
    beforeAll(async () => {
      container = await directoryContainer()
        .withCopyContentToContainer([file('/etc/keystone-ldap/identities.yaml', IDENTITIES)])
        .withEnvironment({ KEYSTONE_LDAP_KEYSTONE_CONF: CONF })
        .start();
    });
    afterAll(async () => {
      await container.stop();
    });

    test('is seeded as soon as its port answers', async () => {
      await using session = await bindTo(container, ADMIN, PASSWORDS.admin);
      expect(await session.read(`cn=alice,ou=Users,${SUFFIX}`, ['cn'])).toBeDefined();
      expect(await session.read(`cn=ops,ou=UserGroups,${SUFFIX}`, ['cn'])).toBeDefined();
    });

    test('has an account for Keystone, which sees users and no passwords', async () => {
      await using session = await bindTo(container, KEYSTONE, PASSWORDS.keystone);
      const alice = await session.read(`cn=alice,ou=Users,${SUFFIX}`, ['cn', 'userPassword']);
      expect(alice && [valuesOf(alice, 'cn'), valuesOf(alice, 'userPassword')]).toEqual([['alice'], []]);
    });

    test('gives its keystone.conf to its group only, and verify is content with it', async () => {
      const { output } = await container.exec(['stat', '-c', '%a %g', CONF]);
      expect(output).toBe('640 1389\n');
      const identities = ['--file', '/etc/keystone-ldap/identities.yaml'];
      const verify = await container.exec([
        'keystone-ldap',
        'verify',
        '--keystone-conf',
        CONF,
        ...identities,
      ]);
      expect(verify).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('finds what it needs') as string,
      });
    });

    test('runs as nobody special, slapd being its first process', async () => {
      const { output } = await container.exec([
        'sh',
        '-c',
        'id -u; cat /proc/1/comm; ls /proc | grep -c "^[0-9]"',
      ]);
      expect(output.split('\n').slice(0, 2)).toEqual(['1389', 'slapd']);
    });

    test('tells no password', async () => {
      const { stdout } = await runToSuccess('docker', ['inspect', container.getId()]);
      const { output } = await container.exec(['cat', '/proc/1/environ']);
      for (const password of [...Object.values(PASSWORDS), 'alice-secret'])
        expect((await logsOf(container)) + stdout + output).not.toContain(password);
    });

    test('changes nothing when it starts again, but takes a new password', async () => {
      const before = await (async () => {
        await using session = await bindTo(container, ADMIN, PASSWORDS.admin);
        await using config = await bindTo(container, 'cn=admin,cn=config', PASSWORDS.config);
        return [await changeNumbers(session, SUFFIX), await changeNumbers(config, 'cn=config')];
      })();
      await container.restart();
      {
        await using session = await bindTo(container, ADMIN, PASSWORDS.admin);
        await using config = await bindTo(container, 'cn=admin,cn=config', PASSWORDS.config);
        expect([await changeNumbers(session, SUFFIX), await changeNumbers(config, 'cn=config')]).toEqual(
          before,
        );
      }
      const said = await logsOf(container);
      expect(said.match(/already up to date/g)).toHaveLength(3);
      expect(said).toContain('slapd stopped.');

      await container.copyContentToContainer([file('/run/secrets/keystone_ldap_password', 'another')]);
      await container.restart();
      await using session = await bindTo(container, ADMIN, 'another');
      expect(await changeNumbers(session, SUFFIX)).toEqual(before[0]);
      await expect(bindTo(container, ADMIN, PASSWORDS.admin)).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    });

    test('ends well by SIGTERM', async () => {
      await runToSuccess('docker', ['stop', container.getId()]);
      const { stdout } = await runToSuccess('docker', [
        'inspect',
        '-f',
        '{{.State.ExitCode}}',
        container.getId(),
      ]);
      expect(stdout).toBe('0\n');
    });
  });

  test('offers TLS with a mounted certificate', async () => {
    using folder = new DisposableFolder();
    const tls = await createPrivateCa(folder.path);
    const content = async (name: string, path: string) =>
      file(`/run/secrets/${name}`, await readFile(path, 'utf8'));
    await using container = await directoryContainer()
      .withCopyContentToContainer([
        await content('tls.crt', tls.certificate),
        await content('tls.key', tls.key),
      ])
      .start();
    const uri = `ldaps://localhost:${container.getMappedPort(1636)}`;
    const ca = await readFile(tls.ca, 'utf8');
    await using session = await openSession({ uri, ca, credentials: { kind: 'anonymous' } });
    expect(await session.read('', ['namingContexts'])).toMatchObject({
      attributes: { namingContexts: [SUFFIX] },
    });
  });

  test.each([
    ['2011.3', `cn=joeuser,ou=Users,${SUFFIX}`],
    ['zed', `cn=admin,ou=Users,${SUFFIX}`],
  ])('serves Keystone %s with its sample data', async (release) => {
    await using container = await directoryContainer()
      .withEnvironment({ KEYSTONE_LDAP_RELEASE: release, KEYSTONE_LDAP_SEED: '1' })
      .start();
    const verify = await container.exec(['keystone-ldap', 'verify', '--sample']);
    expect(verify).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('finds what it needs') as string,
    });
  });

  test('keeps itself as a mounted keystone-ldap.yaml declares, on its later starts too', async () => {
    await using container = await directoryContainer()
      .withCopyContentToContainer([file('/etc/keystone-ldap/keystone-ldap.yaml', DECLARED)])
      .start();
    await container.restart();
    await using session = await bindTo(container, ADMIN, PASSWORDS.admin);
    expect(await session.read(`cn=alice,ou=Users,${SUFFIX}`, ['cn'])).toBeDefined();
    expect(await session.read(`cn=ops,ou=UserGroups,${SUFFIX}`, ['cn'])).toBeDefined();
    expect((await logsOf(container)).match(/already up to date/g)).toHaveLength(2);
  });

  test('stays away, and says why, where it cannot become what it should be', async () => {
    using folder = new DisposableFolder();
    const identities = folder.write('identities.yaml', 'users: [{ nam: alice }]\n', 0o644);
    const mount = ['-v', `${identities}:/etc/keystone-ldap/identities.yaml:ro`];
    const { exitCode, stderr } = await runCommand('docker', ['run', '--rm', ...mount, IMAGE]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('/etc/keystone-ldap/identities.yaml:1:11');
    expect(stderr).toContain('"nam"');
  });
});
