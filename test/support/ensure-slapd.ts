import type { TestProject } from 'vitest/node';
import { findClientTool } from '../../src/sandbox/client-tools.ts';
import { fetchSlapd } from '../../src/sandbox/fetch-slapd.ts';
import { findSlapd } from '../../src/sandbox/find-slapd.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';
import { provideLack } from './needs/provide-lack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The slapd of the live tests; absent where there is none and none can be had. */
    readonly slapd: SlapdInstallation | undefined;
    /** The folder of the client tools, where those of the machine are not in PATH. */
    readonly clientTools: string | undefined;
  }
}

/**
 * Vitest's global set-up of the live tests: slapd and the client tools of this machine, else a private copy, which it
 * says that it fetches. Without any, tests that need them are skipped with the reason, unless REQUIRE_SLAPD=1.
 */
export async function setup(project: TestProject): Promise<void> {
  const { env } = process;
  const slapd = (await findSlapd(env)) ?? (await fetch('slapd'));
  if (typeof slapd === 'string') provideLack(project, ['slapd', slapd], 'REQUIRE_SLAPD');
  project.provide('slapd', typeof slapd === 'string' ? undefined : slapd);
  const own = typeof slapd === 'string' ? undefined : slapd.clientTools;
  const hasTools = (await findClientTool('ldapmodrdn', { clientTools: own }, env)) !== undefined;
  const tools = hasTools ? slapd : await fetch('ldapmodrdn');
  if (!hasTools && typeof tools === 'string') provideLack(project, ['ldap-utils', tools], 'REQUIRE_SLAPD');
  project.provide('clientTools', typeof tools === 'string' ? undefined : tools.clientTools);
  if (hasTools && env['REQUIRE_SLAPD'] !== '1') provideLack(project, ['network', NOT_ASKED]);
}

/** That there is a network is only known where something was just fetched. */
const NOT_ASKED = '"sandbox fetch" takes it, and is tried with REQUIRE_SLAPD=1';

/** The private copy, or why there is none. */
async function fetch(missing: string): Promise<SlapdInstallation | string> {
  say(`no ${missing} on this machine; fetching a private copy, as "keystone-ldap sandbox fetch" does`);
  try {
    return await fetchSlapd({ env: process.env, onStep: say });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function say(text: string): void {
  process.stderr.write(`slapd: ${text}\n`);
}
