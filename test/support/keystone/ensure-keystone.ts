import type { TestProject } from 'vitest/node';
import { faultOf } from '../needs/find-lacks.ts';
import { provideLack } from '../needs/provide-lack.ts';
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
  const memcached = await faultOf('/usr/bin/memcached', ['--version']);
  const why = typeof installation === 'string' ? installation : memcached;
  if (why !== undefined) provideLack(project, ['Keystone', why], 'REQUIRE_KEYSTONE');
  const isWhole = typeof installation !== 'string' && memcached === undefined;
  project.provide('keystone', isWhole ? await ensureTemplate(installation) : undefined);
}
