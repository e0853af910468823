import type { Session } from '../../src/directory/session.ts';
import { openSession } from '../../src/directory/open-session.ts';
import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { Secret } from '../../src/secret.ts';
import { DisposableFolder } from './disposable-folder.ts';
import { runCliAsAdmin, type CliResult } from './run-cli.ts';

export const SERVICE_PASSWORD = 'the-service-password';

export function passwordFile(password = SERVICE_PASSWORD): string {
  return DisposableFolder.ofTest().write('service.pw', `${password}\n`);
}

/** The DN of the account that {@link initWith} makes. */
export function accountOf({ suffix }: RunningSlapd): string {
  return `cn=keystone,${suffix}`;
}

/**
 * `init --service-account` with the password of a file, unless the flags generate one. The tests mix people and releases
 * as no site does.
 */
export async function initWith(server: RunningSlapd, ...flags: readonly string[]): Promise<CliResult> {
  const account = ['--service-account', accountOf(server)];
  const given = flags.some((flag) => /^--(?:generate-)?service-password/.test(flag));
  const password = given ? [] : ['--service-password-file', passwordFile()];
  const release = flags.includes('--release') ? [] : ['--release', '2011.3'];
  return runCliAsAdmin(server, [
    'init',
    ...release,
    '--allow-other-release',
    ...account,
    ...password,
    ...flags,
  ]);
}

export function bindAs({ uri }: RunningSlapd, dn: string, password: string): Promise<Session> {
  return openSession({ uri, credentials: { kind: 'simple', dn, password: new Secret(password) } });
}
