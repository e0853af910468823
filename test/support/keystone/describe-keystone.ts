import { inject } from 'vitest';
import type { SlapdInstallation } from '../../../src/sandbox/slapd-installation.ts';
import { NO_SLAPD } from '../describe-live.ts';
import { describeNeeding } from '../needs/needing.ts';
import type { KeystoneTemplate } from './keystone-template.ts';

export interface AcceptanceServers {
  readonly slapd: SlapdInstallation;
  readonly keystone: KeystoneTemplate;
}

/** A `describe` for tests that need a real Keystone and a real slapd. */
export function describeKeystone(name: string, suite: (servers: AcceptanceServers) => void): void {
  describeNeeding(['Keystone', 'slapd'], name, () =>
    suite({ slapd: inject('slapd') ?? NO_SLAPD, keystone: inject('keystone') ?? NO_KEYSTONE }),
  );
}

/** For the tests that are skipped, so that they can be counted. */
const NO_KEYSTONE: KeystoneTemplate = {
  installation: { manage: '', wsgiPublic: '', version: '' },
  dir: '',
  administrator: { user: '', password: '' },
};
