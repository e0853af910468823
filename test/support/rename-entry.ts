import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';

/** Renames an entry as an operator would; the tool itself never does. */
export async function renameEntry({ ldapiUri }: Sandbox, dn: string, rdn: string): Promise<void> {
  await promisify(execFile)('ldapmodrdn', ['-Q', '-Y', 'EXTERNAL', '-H', ldapiUri, '-r', dn, rdn]);
}
