import { inject } from 'vitest';
import { findClientTool } from '../../src/sandbox/client-tools.ts';

/** The program to run for a client tool of OpenLDAP, such as `ldapmodrdn`. */
export async function clientTool(name: string): Promise<string> {
  const program = await findClientTool(name, { clientTools: inject('clientTools') }, process.env);
  if (program === undefined) throw new Error(`no ${name}: the test needs 'ldap-utils'`);
  return program;
}
