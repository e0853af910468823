import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Entry, NewEntry } from '../../src/directory/entry.ts';
import { present } from '../../src/directory/filter.ts';
import { inWindow } from '../../src/directory/in-window.ts';
import type { Session, SessionOptions } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { readText } from '../../src/files.ts';
import { apply } from '../../src/plan/apply/apply.ts';
import type { AddEntry, Change } from '../../src/plan/change.ts';
import { freePort } from '../../src/sandbox/free-port.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { shippedSchemaFiles } from '../../src/schema/shipped-schema.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { loadLdif } from '../support/load-ldif.ts';
import { readEntries } from '../support/read-entries.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { fateAt, startProxy, type Fate } from '../support/start-proxy.ts';

/** In a request to add an entry, "objectClass" is followed by the tag of a set. */
const ADD = 'objectClass1';
/** What the names of RFC 5805 begin with. */
const TRANSACTION = '1.3.6.1.1.21.';
const PAGED_RESULTS = '1.2.840.113556.1.4.319';
const CONTEXT: NewEntry = {
  dn: 'dc=example,dc=com',
  attributes: { objectClass: ['organization', 'dcObject'], o: ['Example'], dc: ['example'] },
};

const asAdmin = ({ bindDn, password }: RunningSlapd) => ({ kind: 'simple', dn: bindDn, password }) as const;
const open = (options: Pick<SessionOptions, 'uri'> & Partial<SessionOptions>): Promise<Session> =>
  openSession({ credentials: { kind: 'anonymous' }, ...options });
const containing = (text: string) => expect.stringContaining(text) as string;

async function load({ ldapiUri }: RunningSlapd, ...entries: readonly NewEntry[]): Promise<void> {
  await using session = await openSession({ uri: ldapiUri, credentials: { kind: 'external' } });
  for (const entry of entries) await session.add(entry);
}

async function readAll(search: AsyncIterable<Entry>): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of search) entries.push(entry);
  return entries;
}

async function loadRelease(server: RunningSlapd, revision: 'blog' | '2011.3'): Promise<void> {
  await loadLdif(server.ldapiUri, await readText(shippedSchemaFiles(revision).ldif));
}

/** More entries than one page holds. */
async function loadTwoPages(server: RunningSlapd): Promise<void> {
  await using session = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
  const users = Array.from({ length: 1200 }, (_, index): NewEntry => {
    const cn = `user${index}`;
    const attributes = { objectClass: ['keystoneUser'], cn: [cn], keystoneEnabled: ['TRUE'] };
    return { dn: `cn=${cn},dc=example,dc=com`, attributes };
  });
  await session.add(CONTEXT);
  await inWindow(users, (user) => session.add(user));
}

async function applyAll(changes: readonly Change[], directory: Session): Promise<void> {
  const openConfig = () => Promise.reject(new Error('no schema changes here'));
  for await (const { done, total } of apply(changes, { directory, openConfig }))
    expect(done).toBeLessThanOrEqual(total);
}

/** `init` as the rootdn through a proxy. */
function initThrough(uri: string, server: RunningSlapd, argv: readonly string[] = [], signal?: AbortSignal) {
  const env = {
    KEYSTONE_LDAP_URI: uri,
    KEYSTONE_LDAP_BIND_DN: server.bindDn,
    KEYSTONE_LDAP_PASSWORD: server.password.reveal(),
    KEYSTONE_LDAP_CONFIG_URI: server.ldapiUri,
  };
  return runCli(['init', '--release', '2011.3', ...argv], signal === undefined ? { env } : { env, signal });
}

describeLive('the connection', (slapd) => {
  describe('cannot be made', () => {
    test('where nothing listens', async () => {
      const uri = `ldap://127.0.0.1:${await freePort()}`;
      await expect(open({ uri })).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        message: `Cannot read the root DSE of ${uri}: nothing listens there.`,
      });
      const { exitCode, stderr } = await runCli(['schema', 'diff', 'diablo', '-x', '-H', uri]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${uri}: nothing listens there`);
      const socket = 'ldapi://%2Fnonexistent%2Fldapi';
      await expect(openSession({ uri: socket, credentials: { kind: 'external' } })).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        message: `Cannot bind to ${socket} with SASL EXTERNAL: there is no such socket.`,
      });
    });

    test('with a wrong password, of whom it does not show', async () => {
      await using server = await startSandbox({ slapd });
      const dn = server.bindDn;
      const credentials = { kind: 'simple', dn, password: new Secret('not-the-one') } as const;
      await expect(open({ uri: server.uri, credentials })).rejects.toMatchObject({
        code: 'AUTH_FAILED',
        resultCode: 49,
        message: containing(`Cannot bind to ${server.uri} as ${dn}: wrong password`),
      });
      const env = { KEYSTONE_LDAP_PASSWORD: 'not-the-one' };
      const { exitCode, stderr } = await runCli(['init', '--release', '2011.3', '-H', server.uri, '-D', dn], {
        env,
      });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(dn);
      expect(stderr).not.toContain('not-the-one');
    });

    test('yet, with --wait, until a server appears', async () => {
      const port = await freePort();
      const uri = `ldap://127.0.0.1:${port}`;
      const waiting = runCli(['schema', 'diff', 'diablo', '-x', '-H', uri, '--wait', '20']);
      await using server = await startSandbox({ slapd, port });
      expect(server.uri).toBe(uri);
      expect(await waiting).toMatchObject({ exitCode: 1, stderr: '' });
    });

    test('within --wait: the last error counts; a wrong password ends the wait', async () => {
      const uri = `ldap://127.0.0.1:${await freePort()}`;
      const { exitCode, stderr } = await runCli(['schema', 'diff', 'diablo', '-xH', uri, '--wait', '0.2']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('nothing listens there');
      await using server = await startSandbox({ slapd });
      const env = { KEYSTONE_LDAP_PASSWORD: 'wrong' };
      const argv = ['init', '-H', server.uri, '-D', server.bindDn, '--wait', '600'];
      expect(await runCli(argv, { env })).toMatchObject({
        exitCode: 2,
        stderr: containing('wrong password'),
      });
    });
  });

  describe('lets the server refuse', () => {
    const writer = `cn=writer,${CONTEXT.dn}`;
    const user = (dn: string): NewEntry => ({
      dn,
      attributes: { objectClass: ['person'], cn: ['writer'], sn: ['w'], userPassword: ['pw'] },
    });
    const limited = (...olcAccess: readonly string[]) => ({
      database: {
        olcAccess: [
          `to * by dn.exact="gidNumber=${process.getgid?.() ?? 0}+uidNumber=${process.getuid?.() ?? 0},cn=peercred,cn=external,cn=auth" manage by * break`,
          'to attrs=userPassword by anonymous auth',
          ...olcAccess,
        ],
      },
    });
    const asWriter = (server: RunningSlapd) => {
      const argv = ['init', '-r', '2011.3', '-H', server.uri, '-D', writer, '--config-uri', server.ldapiUri];
      return runCli(argv, { env: { KEYSTONE_LDAP_PASSWORD: 'pw' } });
    };

    test('a write, names the DN that lacks the right, and says how much was made', async () => {
      const groups = `to dn.exact="ou=Groups,${CONTEXT.dn}" by * read`;
      const tuning = limited(groups, `to * by dn.exact="${writer}" write by * read`);
      await using server = await startSandbox({ slapd, tuning });
      await loadRelease(server, '2011.3');
      await load(server, CONTEXT, user(writer));
      const { exitCode, stdout, stderr } = await asWriter(server);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(
        `Cannot add ou=Groups,${CONTEXT.dn}: this identity has no right to it, insufficientAccessRights (50)`,
      );
      expect(stderr).toContain('1 of 2 changes were made before; the rest was not.');
      const there = [CONTEXT.dn, writer, `ou=Users,${CONTEXT.dn}`];
      expect(Object.keys(await readEntries(server.ldapiUri, server.suffix)).sort()).toEqual(there.sort());
    });

    test('the only write', async () => {
      await using server = await startSandbox({ slapd, tuning: limited('to * by * read') });
      await loadRelease(server, '2011.3');
      const users = { objectClass: ['organizationalUnit'], ou: ['Users'] };
      await load(server, CONTEXT, user(writer), { dn: `ou=Users,${CONTEXT.dn}`, attributes: users });
      const { exitCode, stderr } = await asWriter(server);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`Cannot add ou=Groups,${CONTEXT.dn}: this identity has no right to it`);
    });

    test('the rest of a search beyond its size limit', async () => {
      await using server = await startSandbox({ slapd, tuning: { frontend: { olcSizeLimit: ['2'] } } });
      await load(server, CONTEXT, user(writer), user(`cn=writer,${writer}`));
      await using session = await open({ uri: server.uri });
      const request = {
        base: CONTEXT.dn,
        scope: 'sub',
        filter: present('objectClass'),
        attributes: [],
      } as const;
      await expect(readAll(session.search(request))).rejects.toMatchObject({
        code: 'SIZE_LIMIT',
        resultCode: 4,
        message: containing(`Cannot search ${CONTEXT.dn}: the server gives this identity only a part`),
      });
    });

    test('nothing where the trees lie in two databases', async () => {
      const tuning = { moreSuffixes: ['dc=second'] };
      await using server = await startSandbox({ slapd, tuning });
      const argv = [
        'init',
        '--release',
        '2011.3',
        '-H',
        server.ldapiUri,
        '-b',
        server.suffix,
        '--user-tree-dn',
        'ou=Users,dc=second',
      ];
      const { exitCode, stderr } = await runCli(argv);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '5 added, 0 changed, 0 removed.\n' });
      expect(Object.keys(await readEntries(server.ldapiUri, 'dc=second'))).toHaveLength(2);
      expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toHaveLength(2);
    });

    test('one entry of many: what was under way is done and counted, and nothing after it', async () => {
      await using server = await startSandbox({ slapd });
      await load(server, CONTEXT);
      await using directory = await openSession({ uri: server.ldapiUri, credentials: { kind: 'external' } });
      const refused = 200;
      const changes = Array.from({ length: 300 }, (_, index): AddEntry => {
        const ou = `unit${index}`;
        const parent = index % 3 === 0 ? '' : `ou=unit${index - (index % 3)},`;
        const objectClass = index === refused ? ['person'] : ['organizationalUnit'];
        const dn = `ou=${ou},${parent}${CONTEXT.dn}`;
        return { kind: 'add-entry', dn, label: 'unit', attributes: { objectClass, ou: [ou] } };
      });
      const failure = await applyAll(changes, directory).catch((error: unknown) => error);
      const left = Object.keys(await readEntries(server.ldapiUri, server.suffix)).length - 1;
      expect(failure).toMatchObject({
        code: 'APPLY_INCOMPLETE',
        resultCode: 65,
        message: containing(`Cannot add ou=unit200,ou=unit198,${CONTEXT.dn}: `),
      });
      expect(failure).toHaveProperty(
        'message',
        containing(` ${left} of 300 changes were made before; the rest was not.`),
      );
      expect(left).toBeGreaterThanOrEqual(refused - 64);
      expect(left).toBeLessThan(refused + 64);
    });
  });

  describe('is lost', () => {
    test('in the middle of a paged search', async () => {
      await using server = await startSandbox({ slapd });
      await loadRelease(server, 'blog');
      await loadTwoPages(server);
      await using proxy = await startProxy(server, fateAt(PAGED_RESULTS, 2, 'drop'));
      await using session = await open({ uri: proxy.uri, credentials: asAdmin(server) });
      const filter = present('keystoneEnabled');
      const search = session.search({ base: server.suffix, scope: 'one', filter, attributes: ['1.1'] });
      await expect(readAll(search)).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        message: `Cannot search ${server.suffix}: the server closed the connection.`,
      });
      // init looks for people of others, and then which entries use the other definitions.
      await using another = await startProxy(server, fateAt(PAGED_RESULTS, 3, 'drop'));
      const { exitCode, stderr } = await initThrough(another.uri, server);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`Cannot search ${server.suffix}: the server closed the connection`);
    });

    test('in the middle of the entries: the next run does what is left', async () => {
      await using server = await startSandbox({ slapd });
      await using proxy = await startProxy(server, fateAt(ADD, 2, 'drop'));
      const { exitCode, stdout, stderr } = await initThrough(proxy.uri, server);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        /Cannot add ou=Users,dc=example,dc=com: the server closed the connection\. 2 of 4 changes are known to be applied\./,
      );
      expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toEqual([CONTEXT.dn]);
      expect(await initThrough(server.uri, server)).toMatchObject({ exitCode: 0 });
    });

    test('before the answer to an entry: nobody knows, and the next run does what is left', async () => {
      await using server = await startSandbox({ slapd });
      await using proxy = await startProxy(server, fateAt(ADD, 1, 'lose-answer'));
      const { exitCode, stderr } = await initThrough(proxy.uri, server);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('the server closed the connection. 1 of 4 changes are known to be applied.');
      expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toEqual([CONTEXT.dn]);
      expect(await initThrough(server.uri, server)).toMatchObject({ exitCode: 0 });
      expect(Object.keys(await readEntries(server.ldapiUri, server.suffix))).toHaveLength(3);
    });

    test.each<[string, string, number, string]>([
      ['at a read', 'subschemaSubentry', 1, 'Cannot read the root DSE of'],
      ['at an entry', ADD, 1, 'Cannot add dc=example,dc=com'],
      ['at a bind', 'cn=admin', 1, 'Cannot bind to'],
    ])('for --timeout where the server stalls %s', async (_, text, nth, message) => {
      await using server = await startSandbox({ slapd });
      await using proxy = await startProxy(server, fateAt(text, nth, 'stall'));
      const { exitCode, stderr } = await initThrough(proxy.uri, server, ['--timeout', '0.3']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
      expect(stderr).toContain('the server did not answer in time');
    });
  });

  describe('is interrupted', () => {
    const interrupting = (fateOf: (request: Buffer) => Fate) => {
      const controller = new AbortController();
      const stalls = (request: Buffer): Fate => {
        const fate = fateOf(request);
        if (fate === 'stall') controller.abort();
        return fate;
      };
      return { signal: controller.signal, stalls };
    };

    test.each([
      ['a bind', 'cn=admin'],
      ['a read', 'subschemaSubentry'],
      ['an entry', ADD],
    ])('in the middle of %s: exit code 130, and nothing is there', async (_, text) => {
      await using server = await startSandbox({ slapd });
      await loadRelease(server, '2011.3');
      const { signal, stalls } = interrupting(fateAt(text, 1, 'stall'));
      await using proxy = await startProxy(server, stalls);
      expect(await initThrough(proxy.uri, server, [], signal)).toEqual({
        exitCode: 130,
        stdout: '',
        stderr: 'error: Interrupted.\n',
      });
      expect(await readEntries(server.ldapiUri, server.suffix)).toEqual({});
    });

    test('while it waits for a server, and before it begins', async () => {
      const uri = `ldap://127.0.0.1:${await freePort()}`;
      const argv = ['schema', 'diff', 'diablo', '-x', '-H', uri, '--wait', '600'];
      const interrupted = { exitCode: 130, stdout: '', stderr: 'error: Interrupted.\n' };
      expect(await runCli(argv, { signal: AbortSignal.timeout(300) })).toEqual(interrupted);
      expect(await runCli(argv, { signal: AbortSignal.abort() })).toEqual(interrupted);
    });

    test('after a part was done: what was done is told', async () => {
      await using server = await startSandbox({ slapd });
      const { signal, stalls } = interrupting(fateAt(ADD, 1, 'stall'));
      await using proxy = await startProxy(server, stalls);
      const { exitCode, stderr } = await initThrough(proxy.uri, server, [], signal);
      expect(exitCode).toBe(130);
      expect(stderr).toContain('Interrupted. 1 of 4 changes are known to be applied.');
    });
  });

  test('carries no transaction, whose end may crash slapd', async () => {
    await using server = await startSandbox({ slapd });
    const requests: string[] = [];
    await using proxy = await startProxy(server, (request) => {
      requests.push(request.toString('latin1'));
      return 'pass';
    });
    expect(await initThrough(proxy.uri, server)).toMatchObject({ exitCode: 0 });
    expect(requests.join('').split(ADD)).toHaveLength(4);
    expect(requests.join('')).not.toContain(TRANSACTION);
  });

  test('leaves no listener at the signal, however it ends', async () => {
    await using server = await startSandbox({ slapd });
    const { signal } = new AbortController();
    const uri = `ldap://127.0.0.1:${await freePort()}`;
    await expect(open({ uri, signal })).rejects.toThrow();
    const session = await open({ uri: server.uri, signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await session[Symbol.asyncDispose]();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is gone for good when the server ends', async () => {
    const server = await startSandbox({ slapd });
    await using session = await open({ uri: server.uri, credentials: asAdmin(server) });
    await server.stop();
    const failure = { code: 'CONNECT_FAILED', message: containing(`the server closed the connection`) };
    await expect(session.read(server.suffix, ['1.1'])).rejects.toMatchObject(failure);
    await expect(session.read(server.suffix, ['1.1'])).rejects.toMatchObject(failure);
    expect(await runCliAsAdmin(server, ['init', '--release', '2011.3'])).toMatchObject({ exitCode: 2 });
  });
});
