import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLdif } from '../../src/directory/format-ldif.ts';
import { parseLdif } from '../../src/directory/ldif.ts';
import { textOf } from '../../src/directory/octets.ts';
import type { Attributes } from '../../src/directory/entry.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { startKeystoneDirectory } from '../../src/testing/start-keystone-directory.ts';
import { clientTool } from '../support/client-tool.ts';
import { describeLive } from '../support/describe-live.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { startInitialised } from '../support/initialised-sandbox.ts';
import { asManager } from '../support/seeded-sandbox.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';

const run = promisify(execFile);
const USERS = 'ou=Users,dc=example,dc=com';

/** Attributes of people that hold octets, and those that hold text with a language. */
const octets = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => textOf(Buffer.from(bytes)));
const certificate = fc
  .uint8Array({ minLength: 1, maxLength: 100 })
  .map((bytes) => textOf(Buffer.from([0x30, bytes.length, ...bytes])));
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
  .filter((one) => !/^\s*$|\p{Cc}/u.test(one));
const foreign = fc.record({
  jpegPhoto: fc.uniqueArray(octets, { minLength: 1, maxLength: 3 }),
  audio: fc.array(octets, { maxLength: 1 }),
  userPKCS12: fc.array(octets, { maxLength: 1 }),
  userSMIMECertificate: fc.array(certificate, { maxLength: 1 }),
  'description;lang-de': fc.array(text, { maxLength: 1 }),
  userPassword: fc.array(octets, { maxLength: 1 }),
});

const IDENTITIES = JSON.stringify({
  users: [
    { name: 'alice', email: 'new@example.com', description: 'of ours', enabled: false },
    { name: 'bob' },
  ],
  groups: [{ name: 'ops', members: ['alice', 'bob'] }],
});

/** What the server holds below the tree of users, by its own tool, without what it keeps for itself. */
async function dump({ ldapiUri }: Sandbox): Promise<string> {
  const { stdout } = await run(await clientTool('ldapsearch'), [
    ...['-LLL', '-o', 'ldif-wrap=no', '-Y', 'EXTERNAL', '-Q', '-H', ldapiUri, '-b', USERS, '*'],
  ]);
  return stdout;
}

/** What is not ours of alice's entry in an LDIF text. */
function foreignIn(ldif: string): Attributes {
  const alice = parseLdif(ldif).find(({ dn }) => dn.startsWith('cn=alice,'));
  const kept = Object.entries(alice?.attributes ?? {}).filter(([name]) => FOREIGN.has(name));
  return Object.fromEntries(kept);
}

const FOREIGN = new Set([
  'jpegPhoto',
  'audio',
  'userPKCS12',
  'userSMIMECertificate',
  'description;lang-de',
  'userPassword',
]);

async function foreignOf(server: Sandbox): Promise<Attributes> {
  return foreignIn(await dump(server));
}

describeLive('values that are not text', (slapd) => {
  test('stay byte for byte through seed, undo, and export to another server', async () => {
    await fc.assert(
      fc.asyncProperty(foreign, async (values) => {
        await using server = await startInitialised({ slapd, release: 'zed' });
        using folder = new DisposableFolder();
        const file = join(folder.path, 'identities.yaml');
        await writeFile(file, IDENTITIES);
        const alice = {
          dn: `cn=alice,${USERS}`,
          attributes: {
            ...{ objectClass: ['inetOrgPerson'], cn: ['alice'], sn: ['alice'], mail: ['old@example.com'] },
            ...values,
          },
        };
        await using session = await asManager(server);
        await session.add(alice);
        const before = await foreignOf(server);
        const whole = await dump(server);
        expect(before).toHaveProperty('jpegPhoto', values.jpegPhoto);
        const state = ['--state-dir', join(folder.path, 'state')];
        const cli = async (...argv: readonly string[]) => {
          const result = await runCliAsAdmin(server, argv);
          expect(result, `${argv.join(' ')}: ${result.stderr}`).toMatchObject({ exitCode: 0 });
          expect(result.stdout + result.stderr).not.toContain('\ufffd');
          return result;
        };
        await cli('seed', '-r', 'zed', '--file', file, ...state);
        expect(await foreignOf(server)).toEqual(before);
        await cli('undo', '--yes', ...state);
        expect((await dump(server)).split('\n').toSorted()).toEqual(whole.split('\n').toSorted());

        await cli(
          'export',
          '-r',
          'zed',
          '--format',
          'ldif',
          '--with-passwords',
          '-o',
          join(folder.path, 'tree.ldif'),
        );
        const exported = await readFile(join(folder.path, 'tree.ldif'), 'utf8');
        expect(foreignIn(exported)).toEqual(before);
        await using other = await startInitialised({ slapd, release: 'zed' });
        await using to = await asManager(other);
        const [copy] = parseLdif(exported).filter(({ dn }) => dn === alice.dn);
        await to.add({ dn: alice.dn, attributes: copy?.attributes ?? {} });
        expect(await foreignOf(other)).toEqual(before);

        const yaml = await cli('export', '-r', 'zed', '--with-passwords');
        expect(yaml.stderr).toMatch(/not carried: jpegPhoto of a user/);
      }),
      { numRuns: 3, seed: 12 },
    );
  }, 120_000);

  test('come back when an entry of ours that others added to is reset and that is undone', async () => {
    await fc.assert(
      fc.asyncProperty(foreign, async (values) => {
        await using server = await startInitialised({ slapd, release: 'zed' });
        using folder = new DisposableFolder();
        const state = ['--state-dir', join(folder.path, 'state')];
        const config = join(folder.path, 'keystone-ldap.yaml');
        const declared = {
          release: 'zed',
          server: { uri: server.uri },
          identities: { users: [{ name: 'alice' }] },
        };
        await writeFile(config, JSON.stringify(declared));
        const cli = async (...argv: readonly string[]) => {
          const result = await runCliAsAdmin(server, argv);
          expect(result, `${argv.join(' ')}: ${result.stdout}${result.stderr}`).toMatchObject({
            exitCode: 0,
          });
        };
        await cli('apply', config, '--yes', ...state);
        await using session = await asManager(server);
        const edits = Object.entries(values).filter(([, all]) => all.length > 0);
        await session.modify(
          `cn=alice,${USERS}`,
          edits.map(([attribute, all]) => ({ operation: 'add', attribute, values: all })),
        );
        await session
          .modify(`cn=alice,${USERS}`, [{ operation: 'delete', attribute: 'userPassword', values: [] }])
          .catch(() => undefined);
        const before = await foreignOf(server);
        await cli('reset', '--yes', ...state);
        expect(await foreignOf(server)).toEqual({});
        await cli('undo', '--yes', ...state);
        expect(await foreignOf(server)).toEqual(before);
      }),
      { numRuns: 3, seed: 12 },
    );
  }, 120_000);

  test('are put back by reset() of a directory for tests', async () => {
    await using directory = await startKeystoneDirectory({
      release: 'zed',
      identities: { users: [{ name: 'alice' }] },
    });
    await using session = await asManager(directory as unknown as Sandbox);
    const photo = textOf(Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x80]));
    const dn = `cn=alice,${USERS}`;
    await session.modify(dn, [{ operation: 'add', attribute: 'jpegPhoto', values: [photo] }]);
    await directory.reset();
    expect((await session.read(dn, ['jpegPhoto']))?.attributes['jpegPhoto']).toBeUndefined();
  });

  test('LDIF of them is what ldapsearch writes', async () => {
    await using server = await startInitialised({ slapd, release: 'zed' });
    await using session = await asManager(server);
    const jpegPhoto = [textOf(Buffer.from([0xff, 0xd8, 0xff])), 'abc', '\ufeffbom', ' lead'];
    const attributes = { objectClass: ['inetOrgPerson'], cn: ['x'], sn: ['x'], jpegPhoto };
    await session.add({ dn: `cn=x,${USERS}`, attributes });
    const entry = await session.read(`cn=x,${USERS}`, ['jpegPhoto']);
    expect(entry?.attributes).toEqual({ jpegPhoto });
    const ours = formatLdif(entry === undefined ? [] : [entry])
      .split('\n')
      .slice(1)
      .filter(Boolean);
    expect((await dump(server)).split('\n')).toEqual(expect.arrayContaining(ours));
  });
});
