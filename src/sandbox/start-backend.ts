import { findSlapd } from './find-slapd.ts';
import type { SandboxBackend } from './sandbox-backend.ts';
import type { SlapdInstallation } from './slapd-installation.ts';
import { slapdMissing } from './slapd-missing.ts';
import { startContainer } from './start-container.ts';
import { startSandbox } from './start-sandbox.ts';

/** Where a throw-away server may run. */
export type BackendKind = 'local' | 'container';

export interface BackendOptions {
  /** A slapd of this machine where there is one, else a container, unless told. */
  readonly backend?: BackendKind | undefined;
  readonly slapd?: SlapdInstallation | undefined;
  readonly suffix?: string | undefined;
  readonly port?: number | undefined;
  readonly tls?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts an empty throw-away server on this machine or in a container.
 * @throws `SLAPD_MISSING`, `SLAPD_FAILED`, `CANCELLED`, `INPUT_INVALID`
 */
export async function startBackend({ backend, ...options }: BackendOptions): Promise<SandboxBackend> {
  if (backend === 'container') return await startContainer(options);
  const slapd = options.slapd ?? (await findSlapd(process.env));
  if (slapd !== undefined) return await startSandbox({ ...options, slapd });
  if (backend === 'local') throw slapdMissing('none was found on this machine');
  return await startContainer(options);
}
