import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import { fillSandbox } from '../../src/plan/fill-sandbox.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import type { SandboxBackend } from '../../src/sandbox/sandbox-backend.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Secret } from '../../src/secret.ts';
import { rememberState } from '../../src/testing/remember-state.ts';
import { describeLive } from '../support/describe-live.ts';
import { readEntries } from '../support/read-entries.ts';

describeLive('a server that only LDAP reaches', (slapd) => {
  let sandbox: Sandbox;
  let remote: Omit<SandboxBackend, 'ldapiUri' | 'snapshot'>;

  beforeEach(async () => {
    sandbox = await startSandbox({ slapd });
    const { uri, suffix, bindDn, password, configDn, configPassword } = sandbox;
    const stop = (): Promise<void> => sandbox.stop();
    onTestFinished(stop);
    remote = { uri, suffix, bindDn, password, configDn, configPassword, stop, [Symbol.asyncDispose]: stop };
  });

  const connect = async (dn: string, password: Secret): Promise<Session> => {
    const session = await openSession({ uri: remote.uri, credentials: { kind: 'simple', dn, password } });
    onTestFinished(() => session[Symbol.asyncDispose]());
    return session;
  };
  const entries = () => readEntries(sandbox.ldapiUri, sandbox.suffix);

  test('is filled by its rootdns, schema included, and gets its data back', async () => {
    await fillSandbox(remote, { release: findRelease('2011.3'), seed: true });
    const before = await entries();
    expect(Object.keys(before)).toContain('uid=joeuser,ou=Users,dc=example,dc=com');
    const state = await rememberState(remote);
    const session = await connect(remote.bindDn, remote.password);
    await session.delete('uid=joeuser,ou=Users,dc=example,dc=com');
    await state.restore();
    expect(await entries()).toEqual(before);
  });

  test('does not get its configuration back, and says so', async () => {
    await fillSandbox(remote, { release: findRelease('zed') });
    const state = await rememberState(remote);
    const config = await connect(remote.configDn, remote.configPassword);
    await config.modify('cn=config', [{ operation: 'replace', attribute: 'olcIdleTimeout', values: ['60'] }]);
    await expect(state.restore()).rejects.toMatchObject({
      code: 'LDAP_REFUSED',
      message: expect.stringContaining('cn=config is no longer') as string,
    });
  });
});
