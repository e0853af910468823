import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Vitest's set-up of each file: journals of its own. A port that another file's server had may come again, and a run of
 * that server would then count as one of this file's.
 */
const folder = process.env['KEYSTONE_LDAP_STATE_DIR'];
if (folder !== undefined) process.env['KEYSTONE_LDAP_STATE_DIR'] = join(folder, randomUUID());
