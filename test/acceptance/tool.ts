import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LoginAnswer } from '../../src/doctor/login.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { packagedConf } from '../support/keystone/packaged-conf.ts';
import { probeDriver, type DriverAnswer } from '../support/keystone/probe-driver.ts';
import { runCliAsAdmin, type CliResult } from '../support/run-cli.ts';
import { DisposableFolder } from '../support/disposable-folder.ts';
import { passwordOf } from './trees.ts';

/** What is to be found: groups by name, each with its users. */
export interface People {
  readonly enabled: readonly string[];
  readonly disabled: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Users of which one may not come in, one has a name beyond ASCII, and a group that nobody is in. */
export const PEOPLE: People = {
  enabled: ['alice', 'bob', 'josé'],
  disabled: ['eve'],
  groups: { ops: ['alice', 'eve', 'josé'], all: ['alice', 'bob', 'eve', 'josé'], nobody: [] },
};

/** mail holds ASCII only (RFC 4524 section 2.16). */
export const emailOf = (name: string): string =>
  `${name.normalize('NFD').replace(/[^a-z]/g, '')}@example.com`;

/** The file for `seed` that declares them. */
export function identitiesOf({ enabled, disabled, groups }: People): string {
  const users = [...enabled, ...disabled].map((name) => ({
    name,
    password: passwordOf(name),
    email: emailOf(name),
    enabled: enabled.includes(name),
  }));
  const members = Object.entries(groups).map(([name, users_]) => ({ name, members: users_ }));
  return JSON.stringify({ users, groups: members });
}

/** The tool and its files: the identities, and a keystone.conf that Keystone's own generator wrote. */
export interface Workplace {
  readonly server: Sandbox;
  readonly identities: string;
  readonly conf: string;
  readonly folder: string;
  /** Runs the tool for Zed as the administrator of the directory; anything but exit 0 fails the test. */
  readonly run: (...argv: readonly string[]) => Promise<CliResult>;
}

export async function workplace(server: Sandbox, people: People = PEOPLE): Promise<Workplace> {
  const folder = DisposableFolder.ofTest().path;
  const place = {
    server,
    folder,
    identities: join(folder, 'people.yaml'),
    conf: join(folder, 'keystone.conf'),
  };
  await writeFile(place.identities, identitiesOf(people));
  await writeFile(place.conf, await packagedConf());
  const run = async (...argv: readonly string[]): Promise<CliResult> => {
    const result = await runCliAsAdmin(server, argv, { env: { KEYSTONE_LDAP_RELEASE: 'zed' } });
    expect(result, `${argv.join(' ')}\n${result.stdout}${result.stderr}`).toMatchObject({ exitCode: 0 });
    return result;
  };
  return { ...place, run };
}

/** Makes the tree, fills it and configures Keystone for it, then the same again, which finds already up to date. */
export async function setUp(
  { run, identities, conf }: Workplace,
  flags: readonly string[],
  confFlags: readonly string[] = [],
): Promise<void> {
  const seed = ['seed', '--file', identities, ...flags];
  const configure = ['configure', '--keystone-conf', conf, ...flags, ...confFlags];
  const commands = [['init', ...flags], seed, configure];
  for (const command of commands) await run(...command);
  for (const command of commands) expect((await run(...command)).stdout).toMatch(/already up to date/);
}

/** What Keystone's driver finds with a file, once it is known that `verify` says just the same of everybody. */
export async function agreedAnswer(
  { server, run, identities, conf }: Workplace,
  { enabled, disabled, groups }: People,
  { file = conf, flags = [] as readonly string[], warnings = 0 } = {},
): Promise<DriverAnswer> {
  const all = [...enabled, ...disabled];
  const logins = all.flatMap((name) => [[name, passwordOf(name)] as const, [name, 'wrong'] as const]);
  const [answer] = await probeDriver({ confs: [await readFile(file, 'utf8')], logins });
  if (answer === undefined || 'error' in answer) throw new Error(JSON.stringify(answer));
  const verify = ['verify', '--keystone-conf', conf, '--file', identities, ...flags, '--json'];
  const verdict = JSON.parse((await run(...verify)).stdout) as { findings: unknown[] };
  expect(verdict.findings, JSON.stringify(verdict)).toHaveLength(warnings);
  const names = new Map([...answer.groups, ...answer.users].map(({ id, name }) => [id, name]));
  for (const [at, name] of all.entries()) {
    const user = answer.users.find((one) => one.name === name);
    const groupsOf = answer.groupsOf[user?.id ?? ''];
    const theirs = {
      id: user?.id,
      groups: Array.isArray(groupsOf) ? groupsOf.map((id: string) => names.get(id)).sort() : groupsOf,
      entered: user?.enabled !== false && answer.logins[2 * at] === user?.id,
    };
    const { id, groups: found, refusal } = await loginOf(server, verify, name);
    expect({ id, groups: [...found].sort(), entered: refusal === undefined }).toEqual(theirs);
    expect(theirs.entered).toBe(enabled.includes(name));
    expect(answer.logins[2 * at + 1]).toMatchObject({ error: 'AssertionError' });
  }
  expect([...answer.users].map(({ name }) => name).sort()).toEqual([...all].sort());
  const usersOf = Object.entries(answer.usersOf).map(([id, users]) => [
    names.get(id),
    Array.isArray(users) ? users.map((user: string) => names.get(user)).sort() : users,
  ]);
  expect(Object.fromEntries(usersOf)).toEqual(groups);
  return answer;
}

/** What `verify` says of a login with the right password, whether or not it succeeds. */
export async function loginOf(
  server: Sandbox,
  verify: readonly string[],
  name: string,
): Promise<LoginAnswer> {
  const env = { KEYSTONE_LDAP_RELEASE: 'zed', KEYSTONE_LDAP_LOGIN_PASSWORD: passwordOf(name) };
  const { stdout } = await runCliAsAdmin(server, [...verify, '--login', name], { env });
  return (JSON.parse(stdout) as { login: LoginAnswer }).login;
}
