import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import type { Attributes } from '../../src/directory/entry.ts';
import type { Session } from '../../src/directory/session.ts';
import type { SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../src/secret.ts';
import { describeLive } from '../support/describe-live.ts';
import { soundKeystone, USERS, type SoundKeystone } from '../support/doctor/sound-keystone.ts';
import { runCli } from '../support/run-cli.ts';
import { asManager } from '../support/seeded-sandbox.ts';

const POLICY = 'cn=policy,dc=example,dc=com';
const ALICE = `uid=alice,${USERS}`;

/** A password policy by which passwords expire, accounts are locked, and a new password must be changed. */
function withPolicy(attributes: Attributes = {}): SandboxOptions['tuning'] {
  const overlay = { objectClass: ['olcOverlayConfig', 'olcPPolicyConfig'], olcOverlay: ['{0}ppolicy'] };
  return {
    modules: ['ppolicy'],
    entries: [
      {
        dn: 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config',
        attributes: { ...overlay, olcPPolicyDefault: [POLICY], ...attributes },
      },
    ],
  };
}

const TOLD = withPolicy({ olcPPolicyUseLockout: ['TRUE'] });
const SILENT = withPolicy();

async function addPolicy(session: Session, rules: Attributes): Promise<void> {
  const attributes = {
    objectClass: ['device', 'pwdPolicy'],
    cn: ['policy'],
    pwdAttribute: ['userPassword'],
    pwdLockout: ['TRUE'],
    ...rules,
  };
  await session.add({ dn: POLICY, attributes });
}

describeLive('login, where the server has a password policy', (slapd) => {
  async function sound(tuning: SandboxOptions['tuning'], rules: Attributes = {}): Promise<SoundKeystone> {
    const keystone = await soundKeystone({ slapd, tuning });
    await using session = await asManager(keystone.server);
    await addPolicy(session, rules);
    return keystone;
  }

  async function login({ conf }: SoundKeystone, password = 'secret') {
    const env = { KEYSTONE_LDAP_LOGIN_PASSWORD: password };
    const argv = ['login', 'alice', '--keystone-conf', conf, '--release', '2026.1'];
    return await runCli(argv, { env });
  }

  async function set({ server }: SoundKeystone, attribute: string, value: string): Promise<void> {
    await using session = await asManager(server);
    await session.modify(ALICE, [{ operation: 'replace', attribute, values: [value] }]);
  }

  const refused = (why: string) => ({
    exitCode: 1,
    stdout: expect.stringContaining(`Keystone refuses alice: ${why}\n`) as string,
    stderr: '',
  });

  test('lets in whom the policy has nothing against', async () => {
    await using keystone = await sound(TOLD);
    expect(await login(keystone)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await login(keystone, 'wrong')).toMatchObject(refused('wrong password'));
  });

  describe('refuses, with the reason of the server', () => {
    test('who is locked', async () => {
      await using keystone = await sound(TOLD);
      await set(keystone, 'pwdAccountLockedTime', '000001010000Z');
      expect(await login(keystone)).toMatchObject(refused('the account is locked, says the server'));
    });

    test('who is locked, where the server does not say so', async () => {
      await using keystone = await sound(SILENT);
      await set(keystone, 'pwdAccountLockedTime', '000001010000Z');
      expect(await login(keystone)).toMatchObject(
        refused('wrong password, or the account is locked (pwdAccountLockedTime is 000001010000Z)'),
      );
    });

    test('whose password has expired', async () => {
      await using keystone = await sound(TOLD, { pwdMaxAge: ['1'] });
      // Its age counts from when it was set with the policy.
      await set(keystone, 'userPassword', sshaPassword(new Secret('secret')));
      await sleep(2100);
      expect(await login(keystone)).toMatchObject(refused('the password has expired, says the server'));
    });
  });

  test('lets in who must change the password, as Keystone does, and says what the server wants', async () => {
    await using keystone = await sound(TOLD, { pwdMustChange: ['TRUE'] });
    await set(keystone, 'pwdReset', 'TRUE');
    expect(await login(keystone)).toMatchObject({
      exitCode: 0,
      stderr: 'Keystone does not look at it, but the password must be changed first, says the server.\n',
    });
  });
});
