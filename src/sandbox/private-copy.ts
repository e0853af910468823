import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';
import { installationAt, SLAPD_IN_TREE, type SlapdInstallation } from './slapd-installation.ts';

/** The folder that holds all private copies and the builds of new ones. */
export function privateCopies(env: Environment): string {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(cache, 'keystone-ldap', 'slapd');
}

/**
 * The folder of this machine's private copy. It is named after the distribution and the processor,
 * because a home may be shared by machines that cannot run each other's programs.
 */
export async function privateCopyPath(env: Environment): Promise<string> {
  return join(privateCopies(env), platformName(await osRelease(), process.arch));
}

/** The private copy, where one was fetched. */
export async function privateCopy(env: Environment): Promise<SlapdInstallation | undefined> {
  return installationAt(join(await privateCopyPath(env), SLAPD_IN_TREE), 'private-copy');
}

/** `debian-12-x64` from the text of os-release(5). */
export function platformName(osReleaseText: string, arch: string): string {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}=["']?([A-Za-z0-9._-]+)`, 'm').exec(osReleaseText)?.[1];
  return [field('ID') ?? process.platform, field('VERSION_ID') ?? 'rolling', arch].join('-');
}

async function osRelease(): Promise<string> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}
