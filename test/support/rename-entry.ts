import { runToSuccess } from '../../src/sandbox/run-command.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { clientTool } from './client-tool.ts';

/** Renames an entry as an operator would; the tool itself never does. */
export async function renameEntry({ ldapiUri }: Sandbox, dn: string, rdn: string): Promise<void> {
  const program = await clientTool('ldapmodrdn');
  await runToSuccess(program, ['-Q', '-Y', 'EXTERNAL', '-H', ldapiUri, '-r', dn, rdn]);
}
