import type { TestProject } from 'vitest/node';
import { packageFile } from '../../src/files.ts';
import { runCommand, runToSuccess } from '../../src/sandbox/run-command.ts';
import { IMAGE } from './directory-container.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether a container engine is there and has the image. */
    readonly docker: boolean;
  }
}

/**
 * Vitest's global set-up of the container tests: builds the image, on KEYSTONE_LDAP_BASE_IMAGE where that is set. Without
 * an engine these tests are skipped with the reason, unless REQUIRE_DOCKER=1.
 */
export async function setup(project: TestProject): Promise<void> {
  const why = await engineFault();
  if (why !== undefined) {
    if (process.env['REQUIRE_DOCKER'] === '1') throw new Error(`No container engine: ${why}`);
    process.stderr.write(
      `docker: container tests are skipped: ${why} (REQUIRE_DOCKER=1 makes this a failure)\n`,
    );
  } else {
    const base = process.env['KEYSTONE_LDAP_BASE_IMAGE'];
    // The base image of CI has node in it.
    const env = base === undefined ? {} : { BASE: base, NODE: base };
    await runToSuccess(packageFile('container/build'), [IMAGE], { env });
  }
  project.provide('docker', why === undefined);
}

async function engineFault(): Promise<string | undefined> {
  try {
    const { exitCode, stderr } = await runCommand('docker', ['info']);
    return exitCode === 0 ? undefined : stderr.trim();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
