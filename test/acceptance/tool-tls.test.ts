import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { describeKeystone } from '../support/keystone/describe-keystone.ts';
import { probeDriver } from '../support/keystone/probe-driver.ts';
import { startKeystone } from '../support/keystone/start-keystone.ts';
import { runCliAsAdmin } from '../support/run-cli.ts';
import { throwAwayCa } from '../support/throw-away-ca.ts';
import { agreedAnswer, PEOPLE, setUp, workplace } from './tool.ts';
import { passwordOf } from './trees.ts';

/** How the tool and Keystone are told of TLS, and what the driver of 22 raises where it does not know the CA. */
const WAYS = [
  {
    name: 'StartTLS',
    flags: () => ['-ZZ'],
    written: (server: Sandbox) => [`url = ${server.uri}`, 'use_tls = true'],
    untrusted: 'BackendError',
    refusal:
      /^error CERTIFICATE_UNTRUSTED .*\n *Cannot start TLS on \S+: the CA of the server's certificate is not known/,
  },
  {
    name: 'ldaps',
    flags: ({ ldapsUri = '' }: Sandbox) => ['-H', ldapsUri],
    written: ({ ldapsUri = '' }: Sandbox) => [`url = ${ldapsUri}`],
    untrusted: 'LDAPServerConnectionError',
    refusal:
      /^error CERTIFICATE_UNTRUSTED .*\n *Cannot bind to ldaps:\S+ as .*: the CA of the server's certificate is not known/,
  },
];

/** Simple binds need TLS; SASL EXTERNAL over ldapi does not. */
const DEMANDING = { global: { olcSecurity: ['simple_bind=64'] } };

describeKeystone('TLS with a private CA, for Keystone 22,', ({ slapd, keystone }) => {
  test.each(WAYS)('by $name is set up, and holds', async ({ flags, written, untrusted, refusal }) => {
    await using ca = await throwAwayCa();
    await using directory = await startSandbox({
      slapd,
      tls: await ca.issue('127.0.0.1'),
      tuning: DEMANDING,
    });
    const place = await workplace(directory);
    await setUp(place, [...flags(directory), '--ca-file', ca.ca]);
    const conf = await readFile(place.conf, 'utf8');
    const lines = conf.split('\n');
    for (const line of [...written(directory), `tls_cacertfile = ${ca.ca}`]) expect(lines).toContain(line);
    await agreedAnswer(place, PEOPLE);

    const administrator = { user: 'alice', password: passwordOf('alice') };
    await using server = await startKeystone({ keystone, confFiles: [place.conf], administrator });
    expect((await server.login(administrator)).status).toBe(201);
    expect((await server.login({ user: 'alice', password: passwordOf('bob') })).status).toBe(401);

    const without = conf.replace(/^tls_cacertfile = .*\n/m, '');
    expect(await probeDriver({ confs: [without] })).toMatchObject([{ error: untrusted }]);
    await writeFile(place.conf, without);
    const verify = ['verify', '--keystone-conf', place.conf, '--release', 'zed', '--no-sample'];
    const { exitCode, stdout } = await runCliAsAdmin(directory, verify);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(refusal);
  });

  test('is demanded: neither the tool nor Keystone gets anywhere in clear', async () => {
    await using ca = await throwAwayCa();
    await using directory = await startSandbox({
      slapd,
      tls: await ca.issue('127.0.0.1'),
      tuning: DEMANDING,
    });
    const place = await workplace(directory);
    await setUp(place, ['-ZZ', '--ca-file', ca.ca]);
    const clear = (await readFile(place.conf, 'utf8')).replace('use_tls = true', 'use_tls = false');
    const message = expect.stringContaining('Confidentiality required') as string;
    expect(await probeDriver({ confs: [clear] })).toMatchObject([{ message }]);
    await writeFile(place.conf, clear);
    const verify = ['verify', '--keystone-conf', place.conf, '--release', 'zed', '--no-sample'];
    const { exitCode, stdout } = await runCliAsAdmin(directory, [...verify, '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ code: 'BIND_FAILS', remedy: expect.stringContaining('use_tls = true') as string }],
    });
  });
});
