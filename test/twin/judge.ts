import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runCommand } from '../../src/sandbox/run-command.ts';
import { PYTHON } from '../support/keystone/find-keystone.ts';

/** The major versions of Keystone that the twin can ask. */
export const JUDGES = ['22', '27', '30'] as const;
export type JudgeName = (typeof JUDGES)[number];

/** A real Keystone: the installed one, or that of another Debian suite in a folder to chroot into. */
export interface Judge {
  readonly name: JudgeName;
  /** With the revision of Debian, whose patches change what Keystone does: `22.0.2-0+deb12u6`. */
  readonly version: string;
  /** Absent for the installed one. */
  readonly root?: string | undefined;
}

/** The suites that `.ci/fetch-keystone` installs from. */
const SUITES: Readonly<Partial<Record<JudgeName, string>>> = { '27': 'trixie', '30': 'sid' };

/** Where `.ci/run` keeps them. */
const CACHE = process.env['KEYSTONE_LDAP_KEYSTONES'] ?? '/var/tmp/keystone-ldap-ci';

/** The judge of this name, or a sentence that says why it cannot be asked here. */
export async function findJudge(name: JudgeName): Promise<Judge | string> {
  const suite = SUITES[name];
  const folder = suite === undefined ? undefined : join(CACHE, `keystone-${suite}`);
  const root = folder === undefined ? undefined : join(folder, 'root');
  if (root !== undefined) {
    if (process.geteuid?.() !== 0) return `Keystone ${name} runs in a chroot, which takes root.`;
    const isThere = await stat(join(root, 'complete')).then(
      () => true,
      () => false,
    );
    if (!isThere)
      return `Keystone ${name} is not in ${folder}: run ".ci/fetch-keystone ${suite} ${folder}" as root.`;
  }
  const admin = root === undefined ? [] : [`--admindir=${join(root, 'var/lib/dpkg')}`];
  const query = [...admin, '--show', '--showformat=${Version}', 'python3-keystone'];
  try {
    const { exitCode, stdout, stderr } = await runCommand('dpkg-query', query);
    if (exitCode !== 0) return `Keystone ${name}: ${lastLines(stderr, 1)}`;
    const version = stdout.trim().replace(/^\d+:/, '');
    if (!version.startsWith(`${name}.`))
      return `${folder ?? 'This machine'} has Keystone ${version}, not ${name}.`;
    return { name, version, root };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** This folder, as a judge in a chroot sees it. */
const TWIN = fileURLToPath(new URL('.', import.meta.url));

/**
 * The command that runs a script of this folder with the judge's Python. In the chroot, the folder for temporary files
 * has the same path, so that configurations and certificates need no translation; mounts end with the process.
 */
export function judgeCommand({ root }: Judge, script: string): readonly [program: string, ...args: string[]] {
  if (root === undefined) return [PYTHON, join(TWIN, script)];
  const mounts = [
    'mkdir -p "$1$2"',
    'mount --bind "$2" "$1$2"',
    'mount --bind "$3" "$1/twin"',
    'mount -t proc proc "$1/proc"',
    'exec chroot "$1" /usr/bin/python3 "/twin/$4"',
  ];
  return ['unshare', '--mount', 'sh', '-ec', mounts.join('; '), 'sh', root, tmpdir(), TWIN, script];
}
