import { DEFAULT_RELEASE } from '../../releases/find-release.ts';
import type { Io } from '../terminal/io.ts';
import { requireRelease } from '../flags/of-flag.ts';
import type { OutputFlags } from '../terminal/output.ts';
import { requireDn } from '../inputs/resolve-connection.ts';
import { resolveIdentities } from '../inputs/resolve-identities.ts';
import type { SeedFlags } from '../flags/seed-flags.ts';
import { requireUsage } from './require-usage.ts';
import type { SandboxJob } from './run-sandbox.ts';

export interface SandboxFlags extends OutputFlags, Pick<SeedFlags, 'file' | 'sample'> {
  readonly suffix?: string;
  readonly release?: string;
  readonly seed?: boolean;
  readonly port?: number;
  readonly tls?: boolean;
  readonly detach?: boolean;
}

/** What the flags ask for. @throws `USAGE`, and what reading a file of identities may throw */
export async function resolveSandboxJob(
  flags: SandboxFlags,
  words: readonly string[] | undefined,
  io: Io,
): Promise<SandboxJob> {
  const { suffix, port, tls = false, detach = false, json = false } = flags;
  requireUsage(words, flags);
  if (suffix !== undefined) requireDn('--suffix', suffix);
  return { suffix, port, tls, ...(await contentOf(flags, io)), words, detach, json };
}

/** Identities need a release; a release alone means schema and trees. */
async function contentOf(
  { release: name, seed = false, file, sample }: SandboxFlags,
  io: Io,
): Promise<Pick<SandboxJob, 'release' | 'identities'>> {
  const isSeeded = seed || file !== undefined || sample !== undefined;
  if (!isSeeded && name === undefined) return { release: undefined, identities: undefined };
  const release = requireRelease(name ?? DEFAULT_RELEASE);
  const identities = isSeeded
    ? await resolveIdentities({ ...(file && { file }), ...(sample && { sample }) }, release, io)
    : undefined;
  return { release, identities };
}
