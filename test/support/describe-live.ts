import { describe, inject } from 'vitest';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';

/** A `describe` for tests that need a real slapd: `describeLive('init', (slapd) => { … })`. */
export function describeLive(name: string, suite: (slapd: SlapdInstallation) => void): void {
  const slapd = inject('slapd');
  describe.runIf(slapd !== undefined)(name, () => {
    if (slapd !== undefined) suite(slapd);
  });
}
