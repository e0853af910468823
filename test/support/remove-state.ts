import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';

/** Vitest's global set-up: the journals that runs under test leave go when all is done. */
export function setup(project: TestProject): () => Promise<void> {
  const folder = project.config.env['KEYSTONE_LDAP_STATE_DIR'];
  return async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
}
