import { describe, inject } from 'vitest';

/** A `describe` for tests that need a container engine. */
export function describeDocker(name: string, suite: () => void): void {
  describe.runIf(inject('docker'))(name, suite);
}
