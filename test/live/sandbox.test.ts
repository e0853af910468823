import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dnKey } from '../../src/directory/dn.ts';
import { valuesOf } from '../../src/directory/entry.ts';
import { present } from '../../src/directory/filter.ts';
import type { Credentials, Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { isRunning } from '../support/is-running.ts';

const external = { kind: 'external' } as const;

function asAdmin({ bindDn, password }: Sandbox): Credentials {
  return { kind: 'simple', dn: bindDn, password };
}

async function connect(uri: string, credentials: Credentials): Promise<Session> {
  const session = await openSession({ uri, credentials });
  onTestFinished(() => session[Symbol.asyncDispose]());
  return session;
}

async function namesBelow(session: Session, base: string): Promise<string[]> {
  const dns: string[] = [];
  const request = { base, scope: 'sub', filter: present('objectClass'), attributes: ['1.1'] } as const;
  for await (const entry of session.search(request)) dns.push(entry.dn);
  return dns;
}

describeLive('startSandbox', (slapd) => {
  const start = async (options: SandboxOptions = {}): Promise<Sandbox> => {
    const sandbox = await startSandbox({ slapd, ...options });
    onTestFinished(() => sandbox.stop());
    return sandbox;
  };
  const organization = (dn: string, o: string) => ({
    dn,
    attributes: { objectClass: ['organization', 'dcObject'], o: [o], dc: ['example'] },
  });

  const domain = (dn: string) => ({
    dn,
    attributes: { objectClass: ['domain', 'extensibleObject'], dc: ['second'] },
  });

  test('has an empty database that its rootdn fills over TCP', async () => {
    const sandbox = await start();
    const session = await connect(sandbox.uri, asAdmin(sandbox));
    expect(await namesBelow(session, sandbox.suffix)).toEqual([]);
    await session.add(organization('dc=example,dc=com', 'Example'));
    expect(await namesBelow(session, sandbox.suffix)).toEqual(['dc=example,dc=com']);
  });

  test('lets this user manage data and cn=config over ldapi', async () => {
    const sandbox = await start();
    const session = await connect(sandbox.ldapiUri, external);
    await session.add(organization('dc=example,dc=com', 'Example'));
    await session.modify('olcDatabase={1}mdb,cn=config', [
      { operation: 'replace', attribute: 'olcDbIndex', values: ['objectClass eq'] },
    ]);
    const entry = await session.read('olcDatabase={1}mdb,cn=config', ['olcDbIndex']);
    expect(entry && valuesOf(entry, 'olcDbIndex')).toEqual(['objectClass eq']);
  });

  test('opens cn=config to its rootdn over TCP', async () => {
    const { uri, configDn, configPassword } = await start();
    const session = await connect(uri, { kind: 'simple', dn: configDn, password: configPassword });
    expect(await namesBelow(session, 'cn=schema,cn=config')).toEqual([
      'cn=schema,cn=config',
      'cn={0}core,cn=schema,cn=config',
      'cn={1}cosine,cn=schema,cn=config',
      'cn={2}nis,cn=schema,cn=config',
      'cn={3}inetorgperson,cn=schema,cn=config',
    ]);
  });

  test('refuses a wrong password, and writes without one', async () => {
    const sandbox = await start();
    const wrong = { kind: 'simple', dn: sandbox.bindDn, password: new Secret('wrong') } as const;
    await expect(openSession({ uri: sandbox.uri, credentials: wrong })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
    });
    const session = await connect(sandbox.uri, { kind: 'anonymous' });
    await expect(session.add(organization('dc=example,dc=com', 'Example'))).rejects.toThrow();
  });

  test.each(['o=Smith\\, Müller & Söhne,c=DE', 'o="quoted; suffix"', 'dc=a\\+b,dc=example'])(
    'takes the suffix %s',
    async (suffix) => {
      const sandbox = await start({ suffix });
      const session = await connect(sandbox.uri, asAdmin(sandbox));
      const rootDse = await session.read('', ['namingContexts']);
      const [context = ''] = rootDse === undefined ? [] : valuesOf(rootDse, 'namingContexts');
      expect(dnKey(context)).toBe(dnKey(suffix));
    },
  );

  test.each(['', 'example.com', 'dc=example,'])('refuses the suffix %j', async (suffix) => {
    await expect(startSandbox({ slapd, suffix })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('runs side by side with others', async () => {
    const sandboxes = await Promise.all(Array.from({ length: 8 }, () => start()));
    expect(new Set(sandboxes.map(({ uri }) => uri)).size).toBe(8);
    await Promise.all(sandboxes.map((sandbox) => connect(sandbox.uri, asAdmin(sandbox))));
  });

  test('loads overlays, limits, access rules and further databases on request', async () => {
    const dn = 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config';
    const ppolicy = { objectClass: ['olcOverlayConfig', 'olcPPolicyConfig'], olcOverlay: ['{0}ppolicy'] };
    const sandbox = await start({
      tuning: {
        modules: ['ppolicy'],
        frontend: { olcSizeLimit: ['2'] },
        database: { olcAccess: ['to * by users read'] },
        moreSuffixes: ['dc=second'],
        entries: [{ dn, attributes: ppolicy }],
      },
    });
    const config = await connect(sandbox.ldapiUri, external);
    expect(await config.read(dn, ['olcOverlay'])).toMatchObject({ dn });
    const rootDse = await config.read('', ['namingContexts']);
    expect(rootDse && valuesOf(rootDse, 'namingContexts')).toEqual(['dc=example,dc=com', 'dc=second']);
    for (const name of ['', 'ou=a,', 'ou=b,']) await config.add(domain(`${name}dc=second`));
    await expect(namesBelow(config, 'dc=second')).rejects.toMatchObject({ code: 'SIZE_LIMIT' });
    await expect(config.add(organization('dc=example,dc=com', 'Example'))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
  });

  describe('leaves nothing behind', () => {
    const isGone = ({ dir, pid }: Sandbox): boolean => !existsSync(dir) && !isRunning(pid);

    test('after stop, however often', async () => {
      const sandbox = await start();
      expect(isGone(sandbox)).toBe(false);
      await Promise.all([sandbox.stop(), sandbox.stop()]);
      expect(isGone(sandbox)).toBe(true);
      expect(sandbox.logs()).toContain('slapd starting');
      await sandbox.stop();
    });

    test('after a block that ends in an error', async () => {
      let left: Sandbox | undefined;
      await expect(async () => {
        await using sandbox = await startSandbox({ slapd });
        left = sandbox;
        throw new Error('of the block');
      }).rejects.toThrow('of the block');
      expect(left && isGone(left)).toBe(true);
    });

    test('after an abort', async () => {
      const controller = new AbortController();
      const sandbox = await start({ signal: controller.signal });
      controller.abort();
      await sandbox.exited;
      await sandbox.stop();
      expect(isGone(sandbox)).toBe(true);
    });

    test('after its slapd died', async () => {
      const sandbox = await start();
      process.kill(sandbox.pid, 'SIGKILL');
      expect(await sandbox.exited).toBeNull();
      await sandbox.stop();
      expect(isGone(sandbox)).toBe(true);
    });

    test('after a start that fails or is cancelled', async () => {
      const registry = dirname((await start()).dir);
      const mine = async () => (await readdir(registry)).filter((name) => name.startsWith(`${process.pid}-`));
      const before = await mine();
      const bad = { frontend: { olcNoSuch: ['x'] } };
      await expect(startSandbox({ slapd, tuning: bad })).rejects.toMatchObject({
        code: 'SLAPD_FAILED',
        message: expect.stringContaining('str2ad(olcNoSuch): attribute type undefined') as string,
      });
      const signal = AbortSignal.abort();
      await expect(startSandbox({ slapd, signal })).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(await mine()).toEqual(before);
    });
  });

  test('says that a given port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(startSandbox({ slapd, port })).rejects.toMatchObject({
      code: 'SLAPD_FAILED',
      message: expect.stringContaining('Address already in use') as string,
      hint: expect.stringContaining('The port is taken') as string,
    });
  });

  test('says what is wrong with a program that is no slapd', async () => {
    const impostor = { ...slapd, slapd: '/bin/false' };
    await expect(startSandbox({ slapd: impostor })).rejects.toMatchObject({ code: 'SLAPD_FAILED' });
  });
});
