import { rm } from 'node:fs/promises';
import { requireSlapd } from './require-slapd.ts';
import { createSandboxDir, reapSandboxes } from './sandbox-registry.ts';
import type { SlapdInstallation } from './slapd-installation.ts';

/** What every kind of start lets the caller choose. */
export interface StartOptions {
  /** The slapd to run; looked for in the environment of this process unless told. */
  readonly slapd?: SlapdInstallation | undefined;
  /** A free port of 127.0.0.1 unless told. */
  readonly port?: number | undefined;
  /** Stops the server, also while it starts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds slapd, cleans up after dead owners, and starts a server in a new folder, which is removed if that fails.
 * @throws `SLAPD_MISSING`
 */
export async function withSandboxDir<T>(
  options: StartOptions,
  start: (installation: SlapdInstallation, dir: string) => Promise<T>,
): Promise<T> {
  const installation = options.slapd ?? (await requireSlapd(process.env));
  await reapSandboxes();
  const dir = await createSandboxDir();
  try {
    return await start(installation, dir);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}
