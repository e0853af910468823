import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';
import type { BuildFolder, FetchProgress, PackageSource } from './package-source.ts';
import { runToSuccess } from './run-command.ts';

/**
 * Fedora and RHEL (where openldap-servers comes from EPEL). `dnf download` serves ordinary users;
 * dnf 4 has it from dnf-plugins-core, dnf 5 built in.
 */
export const dnfSource: PackageSource = {
  name: 'dnf',
  isHere: async (env) => {
    const programs = await Promise.all(PROGRAMS.map((name) => findProgram(name, env)));
    return programs.every((path) => path !== undefined);
  },
  unpackSlapd,
};

const PROGRAMS = ['dnf', 'rpm2cpio', 'cpio'] as const;

/** rpm's names of processors, where Node's differ. */
const RPM_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  ppc64: 'ppc64le',
};

async function unpackSlapd(build: BuildFolder, { onStep, signal }: FetchProgress): Promise<void> {
  const downloads = join(build.scratch, 'packages');
  await mkdir(downloads);
  onStep('downloading openldap-servers, openldap-clients and what they need with dnf');
  await runToSuccess('dnf', downloadArgs(downloads, process.arch), { env: { LC_ALL: 'C' }, signal });
  onStep('unpacking');
  for (const file of await readdir(downloads))
    await runToSuccess('sh', ['-c', UNPACK, 'sh', join(downloads, file)], { cwd: build.root, signal });
}

/** Without `--alldeps`, `--resolve` brings only what is not installed; one architecture keeps i686 out. */
export function downloadArgs(folder: string, arch: string): readonly string[] {
  const architecture = RPM_ARCHITECTURES[arch] ?? arch;
  const only = [`--arch=${architecture}`, '--arch=noarch'];
  return [
    '-y',
    'download',
    '--resolve',
    ...only,
    `--destdir=${folder}`,
    'openldap-servers',
    'openldap-clients',
  ];
}

/** `sh` has no pipefail; cpio itself fails on the empty input that a failed rpm2cpio leaves. */
const UNPACK = 'rpm2cpio "$1" | cpio --extract --make-directories --no-absolute-filenames --quiet';
