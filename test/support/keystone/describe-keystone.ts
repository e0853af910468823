import { describe, inject } from 'vitest';
import type { SlapdInstallation } from '../../../src/sandbox/slapd-installation.ts';
import type { KeystoneTemplate } from './keystone-template.ts';

export interface AcceptanceServers {
  readonly slapd: SlapdInstallation;
  readonly keystone: KeystoneTemplate;
}

/** A `describe` for tests that need a real Keystone and a real slapd. */
export function describeKeystone(name: string, suite: (servers: AcceptanceServers) => void): void {
  const [slapd, keystone] = [inject('slapd'), inject('keystone')];
  const servers = slapd && keystone && { slapd, keystone };
  describe.runIf(servers !== undefined)(name, () => {
    if (servers !== undefined) suite(servers);
  });
}
