import type { Environment } from './environment.ts';
import { findSlapd } from './find-slapd.ts';
import type { SlapdInstallation } from './slapd-installation.ts';
import { slapdMissing } from './slapd-missing.ts';

/** The slapd to use. @throws `SLAPD_MISSING` with all the ways to get one */
export async function requireSlapd(env: Environment): Promise<SlapdInstallation> {
  const found = await findSlapd(env);
  if (found === undefined) throw slapdMissing('none was found on this machine');
  return found;
}
