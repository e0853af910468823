import type { openSession } from '../../src/directory/open-session.ts';
import type { Session } from '../../src/directory/session.ts';
import { readBackends, type Backend } from '../../src/doctor/backend.ts';
import { connectAsKeystone } from '../../src/doctor/connect-as-keystone.ts';
import { KeystoneDriver, type Shown } from '../../src/doctor/keystone-driver.ts';
import { listGroups, listUsers } from '../../src/doctor/list-entries.ts';
import { login } from '../../src/doctor/login.ts';
import { KeystoneLdapError } from '../../src/errors.ts';
import { OSLO_CONFIG } from '../../src/keystone-conf/document/conf-dialect.ts';
import { parseConf } from '../../src/keystone-conf/document/document.ts';
import { findRelease } from '../../src/releases/find-release.ts';
import { Secret } from '../../src/secret.ts';
import type { Answer, Fault, Login, LoginOutcome } from './answer.ts';

const FILE = 'keystone.conf';

/** What this tool answers for a Keystone of this release with this configuration. */
export async function askLibrary(
  conf: string,
  logins: readonly Login[],
  releaseName: string,
): Promise<Answer> {
  const release = findRelease(releaseName);
  const main = parseConf(Buffer.from(conf), FILE, OSLO_CONFIG);
  const start = attemptNow(() => {
    const [reading] = readBackends(
      { release, main, mainPaths: [FILE], domains: undefined },
      { files: [FILE] },
    );
    const { backend, findings = [] } = reading ?? {};
    return backend ?? { fault: findings.map(({ message }) => message).join(' ') };
  });
  if ('fault' in start) return { start };
  const backend = start;
  const { session, options, findings } = await connectAsKeystone(backend.server, FILE);
  if (session === undefined || options === undefined) {
    const fault = { fault: findings.map(({ message }) => message).join(' ') };
    return {
      start: 'yes',
      users: fault,
      groups: fault,
      members: {},
      groupsOf: {},
      logins: logins.map(() => fault),
    };
  }
  await using opened = session;
  return { start: 'yes', ...(await ask(opened, backend, logins, options)) };
}

async function ask(
  session: Session,
  backend: Backend,
  logins: readonly Login[],
  server: Parameters<typeof openSession>[0],
): Promise<Omit<Answer, 'start'>> {
  const { release, trees } = backend;
  const { layout } = release;
  const { pageSize } = backend.server;
  const driver = new KeystoneDriver(session, { layout, trees, pageSize });
  const users = await attempt(() => all(listUsers(session, backend)));
  const groups = await attempt(() => all(listGroups(session, backend)));
  const members: Record<string, readonly string[] | Fault> = {};
  for (const { id } of 'fault' in groups ? [] : groups)
    members[id] ??= await attempt(() => ids(driver.usersIn(id)));
  const groupsOf: Record<string, readonly string[] | Fault> = {};
  for (const { id } of 'fault' in users ? [] : users)
    groupsOf[id] ??= await attempt(() => ids(driver.groupsOf(id)));
  const answers: LoginOutcome[] = [];
  for (const [name, password] of logins)
    answers.push(
      await attempt(async () => {
        const { refusal } = await login(name, new Secret(password), {
          ...backend,
          session,
          server,
          pageSize,
        });
        if (refusal === undefined) return 'in';
        if (/Keystone's database|Keystone keeps/.test(refusal)) return 'beyond';
        return /HTTP \d+/.test(refusal) ? { fault: refusal } : 'refused';
      }),
    );
  return {
    users: 'fault' in users ? users : users.map(({ id, name, enabled }) => ({ id, name, enabled })),
    groups: 'fault' in groups ? groups : groups.map(({ id, name }) => ({ id, name })),
    members,
    groupsOf,
    logins: answers,
  };
}

const ids = async (found: Promise<readonly Shown[]>): Promise<readonly string[]> =>
  (await found).map(({ id }) => id);

async function all<T>(found: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const one of found) list.push(one);
  return list;
}

/** What the tool says of its own accord; any other exception is a fault of the tool, and ends the run. */
async function attempt<T>(call: () => Promise<T>): Promise<T | Fault> {
  try {
    return await call();
  } catch (error) {
    return faultOf(error);
  }
}

function attemptNow<T>(call: () => T): T | Fault {
  try {
    return call();
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof KeystoneLdapError)) throw error;
  return { fault: [error.message, error.hint].join(' ') };
}
