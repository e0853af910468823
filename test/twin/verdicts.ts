import type { RunningSlapd } from '../../src/sandbox/running-slapd.ts';
import { runCli, runCliAsAdmin } from '../support/run-cli.ts';
import { isFault, type Answer, type Difference } from './answer.ts';

/** What a command says of a Keystone, whether it works. */
export interface Verdict {
  readonly command: string;
  readonly exitCode: number;
  /** Codes of the errors that it finds; none where it ends in an error of its own. */
  readonly errors: readonly string[];
}

/** What those commands say of a keystone.conf that judge it. */
export async function askVerdicts(
  conf: string,
  release: string,
  server: RunningSlapd,
): Promise<readonly Verdict[]> {
  const flags = ['--keystone-conf', conf, '--release', release, '--json'];
  const runs = {
    verify: runCli(['verify', ...flags]),
    doctor: runCli(['doctor', ...flags]),
    init: runCliAsAdmin(server, ['init', '--read-only', ...flags]),
  };
  return await Promise.all(
    Object.entries(runs).map(async ([command, run]) => {
      const { exitCode, stdout } = await run;
      return { command, exitCode, errors: errorsIn(stdout) };
    }),
  );
}

function errorsIn(stdout: string): readonly string[] {
  if (stdout === '') return [];
  const { findings = [] } = JSON.parse(stdout) as {
    findings?: readonly { code: string; severity: string }[];
  };
  return findings.flatMap(({ code, severity }) => (severity === 'error' ? [code] : []));
}

/** What "configure" puts right, which `init` says to run next; it may find the group of the enabled, too. */
const NOT_OF_INIT = /Unable to find '.*' driver|^all users are disabled$/s;

/** Where a command says yes of a Keystone that is of no use, or blames one that does what it says fails. */
export function misjudged(keystone: Answer, verdicts: readonly Verdict[]): readonly Difference[] {
  const fault = uselessness(keystone);
  const truths = failuresOf(keystone);
  return verdicts.flatMap(({ command, exitCode, errors }) => {
    const untrue = Object.entries(truths)
      .filter(([code, isTrue]) => !isTrue && errors.includes(code))
      .map(([code]) => ({ question: command, keystone: 'no such fault', ours: code }));
    // An error of the command itself is no yes; of doctor a warning, which is exit code 1 too, is none either.
    const isYes = exitCode === 0 || (exitCode === 1 && errors.length === 0);
    const isAsked = fault !== undefined && !(command === 'init' && NOT_OF_INIT.test(fault));
    return isAsked && isYes
      ? [...untrue, { question: command, keystone: fault, ours: `exit ${exitCode}` }]
      : untrue;
  });
}

/** Why nobody gets anything from this Keystone; `undefined` where somebody does. */
function uselessness({ start, users, groups, members }: Answer): string | undefined {
  if (start !== 'yes') return `it does not start: ${start.fault}`;
  if (users === undefined || isFault(users)) return `no list of users: ${users?.fault ?? ''}`;
  if (users.length === 0) return 'no user';
  if (users.every(({ enabled }) => enabled === false)) return 'all users are disabled';
  if (groups === undefined || isFault(groups)) return `no list of groups: ${groups?.fault ?? ''}`;
  const lists = Object.values(members ?? {});
  const shown = lists.filter((list) => !isFault(list) && list.length > 0);
  const failed = lists.find(isFault);
  return shown.length === 0 && failed !== undefined ? `no group's members: ${failed.fault}` : undefined;
}

/** Whether what these codes say is so; of what Keystone does not come to, nothing can be said against them. */
function failuresOf({ start, users, groups, members }: Answer): Readonly<Record<string, boolean>> {
  if (start !== 'yes') return {};
  const lists = Object.values(members ?? {});
  const isListed = users !== undefined && !isFault(users);
  return {
    TOO_FEW_USERS: !isListed || users.length === 0,
    EVERYBODY_DISABLED: !isListed || users.every(({ enabled }) => enabled === false),
    LIST_FAILS: isFault(users) || isFault(groups),
    MEMBERS_FAIL: !isListed || isFault(groups) || lists.some(isFault),
    GROUPS_EMPTY: lists.every((list) => isFault(list) || list.length === 0),
  };
}
