import type { InstalledKeystone } from '../../releases/choose-release.ts';
import { findInCatalogue } from '../../releases/catalogue.ts';
import { findRelease } from '../../releases/find-release.ts';
import { findProgram } from '../../sandbox/find-program.ts';
import { runCommand } from '../../sandbox/run-command.ts';
import type { Io } from '../terminal/io.ts';

/** Who may know, and how each is asked; an answer is the first number of a line. */
const ASKED: readonly { readonly program: string; readonly args: readonly string[] }[] = [
  { program: 'keystone-manage', args: ['--version'] },
  {
    program: 'dpkg-query',
    args: [
      '-W',
      '-f',
      '${db:Status-Status} ${Version}\\n',
      'python3-keystone',
      'python-keystone',
      'keystone',
    ],
  },
  {
    program: 'rpm',
    args: ['-q', '--qf', 'installed %{VERSION}\\n', 'openstack-keystone', 'python3-keystone'],
  },
  {
    program: 'python3',
    args: ['-I', '-c', 'from importlib.metadata import version; print(version("keystone"))'],
  },
];

/** Longest wait for all of them together. */
const PATIENCE_MS = 15_000;

/**
 * The Keystone that is installed on this machine, by the programs of its PATH. Two that tell two releases tell none.
 * @throws `CANCELLED`
 */
export async function installedKeystone({ env, signal }: Io): Promise<InstalledKeystone | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const told = await Promise.all(
    ASKED.map(async ({ program, args }) => {
      const path = await findProgram(program, env);
      const version = path === undefined ? undefined : await versionBy(path, args, limited);
      return version === undefined ? [] : [{ version, release: releaseOf(version), by: program }];
    }),
  );
  signal.throwIfAborted();
  const [first, ...others] = told.flat();
  if (first === undefined) return undefined;
  const other = others.find(({ release }) => release !== first.release);
  if (other === undefined) return first;
  const by = `${first.by}; ${other.by}: ${other.version}`;
  return { version: first.version, release: undefined, by };
}

async function versionBy(
  path: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const result = await runCommand(path, args, { signal }).catch(() => undefined);
  const lines = result?.stdout.split('\n').map((line) => line.trim()) ?? [];
  return lines.flatMap((line) => VERSION.exec(line)?.[1] ?? [])[0];
}

/** `22.0.2`, `installed 2:22.0.2-0+deb12u6`; a package that is gone but for its configuration is none. */
const VERSION = /^(?:installed )?(?:\d+:)?(\d+\.\S+)/;

/** None for a version that is not known here, or that is older than the release whose number it has. */
function releaseOf(version: string): string | undefined {
  const [number = ''] = /^\d+(?:\.\d+)*/.exec(version) ?? [];
  // What led to Essex has its number, and something behind it.
  if (number === '2012.1' && !/^2012\.1(?:$|\+|-\d)/.test(version)) return undefined;
  if (/^2011\.3(?:\.1)?$/.test(number)) return findRelease(number).name;
  return findInCatalogue(number)?.name;
}
