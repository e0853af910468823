import type { TestProject } from 'vitest/node';
import { packageFile } from '../../src/files.ts';
import { runToSuccess } from '../../src/sandbox/run-command.ts';
import { IMAGE } from './directory-container.ts';
import { faultOf } from './needs/find-lacks.ts';
import { provideLack } from './needs/provide-lack.ts';

/**
 * Vitest's global set-up of the container tests: builds the image, on KEYSTONE_LDAP_BASE_IMAGE where that is set. Without
 * an engine these tests are skipped with the reason, unless REQUIRE_DOCKER=1.
 */
export async function setup(project: TestProject): Promise<void> {
  const why = (await faultOf('docker', ['info'])) ?? (await composeFault());
  if (why !== undefined) {
    provideLack(project, ['container engine', why], 'REQUIRE_DOCKER');
    return;
  }
  const base = process.env['KEYSTONE_LDAP_BASE_IMAGE'];
  // The base image of CI has node in it.
  const env = base === undefined ? {} : { BASE: base, NODE: base };
  await runToSuccess(packageFile('container/build'), [IMAGE], { env });
}

/** The plugin, or the program of old. */
async function composeFault(): Promise<string | undefined> {
  const plugin = await faultOf('docker', ['compose', 'version']);
  return plugin === undefined ? undefined : await faultOf('docker-compose', ['version']);
}
