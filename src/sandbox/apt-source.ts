import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeystoneLdapError } from '../errors.ts';
import { findProgram } from './find-program.ts';
import type { BuildFolder, FetchProgress, PackageSource } from './package-source.ts';
import { lastLines, runCommand, runToSuccess } from './run-command.ts';

/** Debian and Ubuntu: apt-get with the machine's sources and keys, and with state and cache of its own. */
export const aptSource: PackageSource = {
  name: 'apt',
  isHere: async (env) =>
    (await findProgram('apt-get', env)) !== undefined && (await findProgram('dpkg-deb', env)) !== undefined,
  unpackSlapd,
};

const WANTED = ['slapd', 'ldap-utils'] as const;
const DPKG_STATUS = '/var/lib/dpkg/status';
const LANGUAGE = { LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };

async function unpackSlapd(build: BuildFolder, progress: FetchProgress): Promise<void> {
  const apt = await privateApt(build.scratch, progress.signal);
  progress.onStep("reading the package lists of this machine's apt sources");
  const update = await apt.run('update');
  const packages = await missingPackages(apt, update.exitCode === 0 ? '' : lastLines(update.stderr));
  progress.onStep(`downloading ${packages.join(', ')}`);
  const downloads = join(build.scratch, 'packages');
  await mkdir(downloads);
  await runToSuccess('apt-get', [...apt.options, 'download', ...packages], {
    env: LANGUAGE,
    cwd: downloads,
    signal: progress.signal,
  });
  progress.onStep('unpacking');
  for (const file of await readdir(downloads))
    await runToSuccess('dpkg-deb', ['-x', join(downloads, file), build.root], { signal: progress.signal });
  await removeLibtoolFiles(join(build.root, 'usr/lib/ldap'));
}

interface PrivateApt {
  readonly options: readonly string[];
  readonly run: (...args: readonly string[]) => ReturnType<typeof runCommand>;
}

/**
 * Everything apt writes goes below `scratch`, so that neither root nor the system's `apt-get update` is needed.
 * As root, apt would go on as its user `_apt`, who could not enter that folder. The hooks that hang on updates are for the
 * system's own lists; only a file given with `-c` can clear them.
 */
async function privateApt(scratch: string, signal: AbortSignal | undefined): Promise<PrivateApt> {
  const [hooks, status] = [join(scratch, 'apt.conf'), join(scratch, 'status')];
  await mkdir(join(scratch, 'state/lists/partial'), { recursive: true });
  await mkdir(join(scratch, 'cache/archives/partial'), { recursive: true });
  await writeFile(hooks, CLEARED_HOOKS.map((name) => `#clear APT::Update::${name};\n`).join(''));
  await writeFile(status, withoutPackages(await readFile(DPKG_STATUS, 'utf8'), WANTED));
  const settings = [
    `Dir::State=${join(scratch, 'state')}`,
    `Dir::State::lists=${join(scratch, 'state/lists')}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${join(scratch, 'cache')}`,
    `Dir::Cache::archives=${join(scratch, 'cache/archives')}`,
    'APT::Sandbox::User=root',
    'APT::Install-Recommends=false',
    'Acquire::Languages=none',
  ];
  const options = ['-c', hooks, '-q', ...settings.flatMap((setting) => ['-o', setting])];
  return {
    options,
    run: (...args) => runCommand('apt-get', [...options, ...args], { env: LANGUAGE, signal }),
  };
}

const CLEARED_HOOKS = ['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'] as const;

/** An `apt-get update` that failed for some sources may still have brought what is needed; else it is the cause. */
async function missingPackages(apt: PrivateApt, updateFault: string): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await apt.run('-s', 'install', ...WANTED);
  const packages = neededPackages(stdout);
  if (exitCode === 0 && packages.length > 0) return packages;
  throw new KeystoneLdapError(
    'COMMAND_FAILED',
    `apt-get cannot tell what slapd needs: ${updateFault || lastLines(stderr)}`,
  );
}

/** dpkg's status file without some packages, so that apt takes them for not installed. */
export function withoutPackages(status: string, names: readonly string[]): string {
  return status
    .split(/\n{2,}/)
    .filter((stanza) => !names.includes(/^Package: (.*)$/m.exec(stanza)?.[1] ?? ''))
    .join('\n\n');
}

/**
 * `NAME=VERSION` of what `apt-get -s install` would install and server and tools need in order to run. Its other
 * dependencies serve the package's scripts and back-perl. libc6 is never taken: it must fit the system's loader.
 */
export function neededPackages(simulation: string): readonly string[] {
  const installs = simulation.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+)/gm);
  return [...installs]
    .map(([, name = '', version = '']) => ({ name, version }))
    .filter(
      ({ name }) =>
        WANTED.some((one) => one === name) || (/^lib(?!c6\b|c-)/.test(name) && !name.includes('perl')),
    )
    .map(({ name, version }) => `${name}=${version}`);
}

/** libltdl would follow the absolute path inside a `.la` file to the modules of another slapd. */
async function removeLibtoolFiles(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.la'));
  await Promise.all(files.map((name) => rm(join(folder, name))));
}
