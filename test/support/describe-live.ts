import { inject } from 'vitest';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { describeNeeding } from './needs/needing.ts';

/** A `describe` for tests that need a real slapd: `describeLive('init', (slapd) => { … })`. */
export function describeLive(name: string, suite: (slapd: SlapdInstallation) => void): void {
  describeNeeding(['slapd'], name, () => suite(inject('slapd') ?? NO_SLAPD));
}

/** For the tests that are skipped, so that they can be counted. */
export const NO_SLAPD: SlapdInstallation = { slapd: '', origin: 'path', schemaDir: '', env: {} };
