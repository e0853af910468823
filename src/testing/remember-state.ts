import { present } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { openSession } from '../directory/open-session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { SandboxBackend } from '../sandbox/sandbox-backend.ts';
import type { Secret } from '../secret.ts';
import { readData, restoreData, type DataState } from './data-state.ts';

/** What a server held at one time. */
export interface RememberedState {
  readonly data: DataState;
  /**
   * Brings it back: over LDAP while cn=config is as it was, else from a copy.
   * @throws `LDAP_REFUSED` where that takes a copy and the server has none
   */
  restore(): Promise<void>;
}

/** Remembers data and configuration of a server that nobody writes to now. */
export async function rememberState(server: SandboxBackend): Promise<RememberedState> {
  const [data, config, restart] = await Promise.all([
    withData(server, (session) => readData(session, server.suffix)),
    configVersions(server),
    server.snapshot?.(),
  ]);
  const restore = async (): Promise<void> => {
    if ((await configVersions(server)) !== config) throw configChanged();
    await withData(server, (session) => restoreData(session, data, server.suffix));
  };
  if (restart === undefined) return { data, restore };
  // Whatever stands in the way over LDAP, a slapd that is gone too, does not stand in the way of a copy.
  return { data, restore: () => restore().catch(restart) };
}

/** When each entry of cn=config was last written. */
async function configVersions(server: SandboxBackend): Promise<string> {
  await using session = await bind(server, server.configDn, server.configPassword);
  const request = {
    base: 'cn=config',
    scope: 'sub',
    filter: present('objectClass'),
    attributes: ['entryCSN'],
  } as const;
  const versions: string[] = [];
  for await (const { dn, attributes } of session.search(request))
    versions.push(JSON.stringify([dn, attributes]));
  return versions.join('\n');
}

async function withData<T>(server: SandboxBackend, task: (session: Session) => Promise<T>): Promise<T> {
  await using session = await bind(server, server.bindDn, server.password);
  return await task(session);
}

/** As a rootdn, whom no limit and no access rule stops. */
function bind({ uri }: SandboxBackend, dn: string, password: Secret): Promise<Session> {
  return openSession({ uri, credentials: { kind: 'simple', dn, password } });
}

function configChanged(): KeystoneLdapError {
  return new KeystoneLdapError(
    'LDAP_REFUSED',
    'cn=config is no longer what it was at the start, and LDAP alone cannot undo that.',
    { hint: 'Start another directory for tests that change the configuration.' },
  );
}
