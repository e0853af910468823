import type { TestProject } from 'vitest/node';
import { lastLines, runCommand } from '../../../src/sandbox/run-command.ts';
import type { Need } from './needs.ts';
import { provideLack } from './provide-lack.ts';

/** What is tried; each command must end well. A file that is there need not run, nor a program have what it imports. */
const TRIALS: readonly (readonly [need: Need, ...commands: (readonly [string, ...string[]])[]])[] = [
  ['python3', ['python3', '-c', 'import configparser, json, pty']],
  [
    'pytest with python-ldap',
    // That of Debian: one that comes before it in PATH may have no python-ldap.
    ['/usr/bin/python3', '-c', 'import ldap, pytest'],
    ['/usr/bin/pytest', '--version'],
  ],
  ['openssl', ['openssl', 'version']],
  ['bash', ['bash', '--norc', '-c', 'true']],
  ['zsh', ['zsh', '-f', '-c', 'zmodload zsh/zpty']],
  ['fish', ['fish', '--no-config', '-c', 'true']],
  ['man and mandoc', ['man', '--version'], ['mandoc', '-Tlint', '-Wfatal', '/dev/null']],
  ['script', ['script', '-qfec', 'true', '/dev/null']],
];

/** Vitest's global set-up: finds out, by trying, what this machine lacks. */
export async function setup(project: TestProject): Promise<void> {
  const whys = await Promise.all(TRIALS.map(([, ...commands]) => firstFault(commands)));
  TRIALS.forEach(([need], at) => {
    const why = whys[at];
    if (why !== undefined) provideLack(project, [need, why]);
  });
}

async function firstFault(
  commands: readonly (readonly [string, ...string[]])[],
): Promise<string | undefined> {
  for (const [program, ...args] of commands) {
    const why = await faultOf(program, args);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Why a command does not end well; `undefined` where it does. */
export async function faultOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stderr } = await runCommand(program, args, { env: { LC_ALL: 'C' } });
    return exitCode === 0 ? undefined : `${program}: ${lastLines(stderr, 1)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
