import type { Session } from '../../../src/directory/session.ts';
import { connectAsKeystone } from '../../../src/doctor/connect-as-keystone.ts';
import { readBackends, type Backend } from '../../../src/doctor/backend.ts';
import { serviceFaults } from '../../../src/doctor/service-faults.ts';
import { readKeystoneFiles, type KeystoneFiles } from '../../../src/doctor/keystone-files.ts';
import { listGroups, listUsers } from '../../../src/doctor/list-entries.ts';
import { login } from '../../../src/doctor/login.ts';
import { ProcessTls } from '../../../src/doctor/process-tls.ts';
import { KeystoneLdapError } from '../../../src/errors.ts';
import { LOCAL_IDS } from '../../../src/keystone-conf/modern/shown-ids.ts';
import { findRelease } from '../../../src/releases/find-release.ts';
import { Secret } from '../../../src/secret.ts';
import type { Outcome, SystemAnswer } from './system-answer.ts';
import { DOMAIN_IDS, type DomainName, type Question } from './system-case.ts';

interface Asked {
  readonly outcome: Outcome;
  readonly said?: string;
}

/** What lasts as long as a Keystone and its database. */
interface Once {
  readonly process: ProcessTls;
  /** Who has logged in, by domain and name: its database has one user of a name. Of that no directory tells. */
  readonly idOfName: Map<string, string>;
}

/** What this tool answers for a Keystone of this release that is started with these files. */
export async function askLibraryAboutSystem(
  files: readonly [string, ...string[]],
  questions: readonly Question[],
  releaseName: string,
): Promise<SystemAnswer> {
  const release = findRelease(releaseName);
  const all = await readKeystoneFiles({ files }, release);
  // All drivers are in one process.
  const once: Once = { process: new ProcessTls(), idOfName: new Map() };
  const asked: Asked[] = [];
  for (const question of questions) asked.push(await ask(all, files, question, once));
  return {
    outcomes: asked.map(({ outcome }) => outcome),
    said: asked.flatMap(({ said }) => said ?? []),
  };
}

async function ask(
  all: KeystoneFiles,
  files: readonly [string, ...string[]],
  question: Question,
  once: Once,
): Promise<Asked> {
  try {
    return await answer(backendOf(all, files, question.domain), question, once);
  } catch (error) {
    // Any other exception is a fault of the tool, and ends the run.
    if (!(error instanceof KeystoneLdapError)) throw error;
    const problems = error.problems.map(({ message }) => message);
    return { outcome: { is: 'fails' }, said: [error.message, ...problems].join(' ') };
  }
}

function backendOf(all: KeystoneFiles, files: readonly [string, ...string[]], domain: DomainName): Backend {
  const faults = serviceFaults(all);
  if (faults.length > 0)
    throw new KeystoneLdapError('CONF_INVALID', faults.map(({ message }) => message).join(' '));
  const hasFile = all.domains?.files.some((file) => file.domain === domain) === true;
  const [reading] = readBackends(all, {
    files,
    domainId: DOMAIN_IDS[domain],
    ...(hasFile && { domain }),
  });
  const { backend, findings = [] } = reading ?? {};
  if (backend !== undefined) return backend;
  throw new KeystoneLdapError('CONF_INVALID', findings.map(({ message }) => message).join(' '));
}

async function answer(backend: Backend, question: Question, once: Once): Promise<Asked> {
  const connecting = connectAsKeystone(backend.server, backend.file, {}, once.process);
  const { session, options, findings } = await connecting;
  if (session === undefined || options === undefined)
    throw new KeystoneLdapError('CONNECT_FAILED', findings.map(({ message }) => message).join(' '));
  await using opened = session;
  if (question.kind !== 'login') {
    let truncated = false;
    const list = await linesOf(question.kind, opened, backend, () => (truncated = true));
    const local = await linesOf(question.kind, opened, { ...backend, ids: LOCAL_IDS });
    // Of those with one id, Keystone maps the last only.
    const last = new Map(local.map(({ id }, at) => [id, at]));
    const lines = list.map((line, at) => {
      const { id = '' } = local[at] ?? {};
      return last.get(id) === at ? line : { ...line, id };
    });
    return { outcome: { is: 'list', list: lines, truncated } };
  }
  const target = { ...backend, session: opened, server: options, pageSize: backend.server.pageSize };
  const { refusal, id = '', publicIds } = await login(question.name, new Secret(question.password), target);
  if (refusal === undefined) {
    const users = await linesOf('users', opened, { ...backend, ids: LOCAL_IDS, listLimit: undefined });
    const name = `${question.domain} ${users.find((user) => user.id === id)?.name ?? question.name}`;
    const first = once.idOfName.get(name) ?? id;
    once.idOfName.set(name, first);
    if (first !== id) return { outcome: { is: 'fails' }, said: `${name} is the name of ${first}` };
    return { outcome: { is: 'in', id: publicIds?.user ?? id } };
  }
  return /HTTP (?:40[04]|5\d\d)/.test(refusal)
    ? { outcome: { is: 'fails' }, said: refusal }
    : { outcome: { is: 'refused' }, said: refusal };
}

async function linesOf(
  kind: 'users' | 'groups',
  session: Session,
  backend: Backend,
  onCut?: () => void,
): Promise<readonly { readonly id: string; readonly name: string; readonly enabled?: boolean }[]> {
  const lines = [];
  if (kind === 'users')
    for await (const { id, name, enabled } of listUsers(session, backend, onCut))
      lines.push({ id, name, enabled });
  else for await (const { id, name } of listGroups(session, backend, onCut)) lines.push({ id, name });
  return lines;
}
