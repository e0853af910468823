import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openSession, type Session } from '../../src/directory/session.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { Secret } from '../../src/secret.ts';
import { runCliAsAdmin, type CliResult } from './run-cli.ts';

export const SERVICE_PASSWORD = 'the-service-password';

/** A folder that is gone after the test. */
export async function testFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'keystone-ldap-account-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

export async function passwordFile(password = SERVICE_PASSWORD): Promise<string> {
  const path = join(await testFolder(), 'service.pw');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return path;
}

/** The DN of the account that {@link initWith} makes. */
export function accountOf({ suffix }: RunningSlapd): string {
  return `cn=keystone,${suffix}`;
}

/** `init --service-account` with the password of a file, unless the flags generate one. */
export async function initWith(server: RunningSlapd, ...flags: readonly string[]): Promise<CliResult> {
  const account = ['--service-account', accountOf(server)];
  const given = flags.some((flag) => /^--(?:generate-)?service-password/.test(flag));
  const password = given ? [] : ['--service-password-file', await passwordFile()];
  return runCliAsAdmin(server, ['init', ...account, ...password, ...flags]);
}

export function bindAs({ uri }: RunningSlapd, dn: string, password: string): Promise<Session> {
  return openSession({ uri, credentials: { kind: 'simple', dn, password: new Secret(password) } });
}
