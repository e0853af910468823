import type { TestProject } from 'vitest/node';
import { findKeystone } from './find-keystone.ts';
import { ensureTemplate, type KeystoneTemplate } from './keystone-template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A prepared Keystone to start copies of; absent where none is installed. */
    readonly keystone: KeystoneTemplate | undefined;
  }
}

/**
 * Vitest's global set-up of the acceptance tests: prepares the Keystone of this machine for all of them. Without
 * one they are skipped with the reason, unless REQUIRE_KEYSTONE=1.
 */
export async function setup(project: TestProject): Promise<void> {
  const installation = await findKeystone(process.env);
  if (installation === undefined) {
    const reason = 'no Keystone on this machine (apt-get install --no-install-recommends python3-keystone)';
    if (process.env['REQUIRE_KEYSTONE'] === '1') throw new Error(`Keystone is required: ${reason}`);
    process.stderr.write(`keystone: acceptance tests are skipped: ${reason}\n`);
    project.provide('keystone', undefined);
    return;
  }
  project.provide('keystone', await ensureTemplate(installation));
}
