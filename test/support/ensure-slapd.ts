import type { TestProject } from 'vitest/node';
import { fetchSlapd } from '../../src/sandbox/fetch-slapd.ts';
import { findSlapd } from '../../src/sandbox/find-slapd.ts';
import type { SlapdInstallation } from '../../src/sandbox/slapd-installation.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The slapd of the live tests; absent where there is none and none can be had. */
    readonly slapd: SlapdInstallation | undefined;
  }
}

/**
 * Vitest's global set-up of the live tests: the slapd of this machine, else a private copy, which it says that it
 * fetches. Without any, live tests are skipped with the reason, unless REQUIRE_SLAPD=1.
 */
export async function setup(project: TestProject): Promise<void> {
  project.provide('slapd', await findOrFetch(process.env));
}

async function findOrFetch(env: NodeJS.ProcessEnv): Promise<SlapdInstallation | undefined> {
  const found = await findSlapd(env);
  if (found !== undefined) return found;
  say('no slapd on this machine; fetching a private copy, as "keystone-ldap sandbox fetch" does');
  try {
    return await fetchSlapd({ env, onStep: say });
  } catch (error) {
    if (env['REQUIRE_SLAPD'] === '1' || !(error instanceof Error)) throw error;
    say(`live tests are skipped: ${error.message} (REQUIRE_SLAPD=1 makes this a failure)`);
    return undefined;
  }
}

function say(text: string): void {
  process.stderr.write(`slapd: ${text}\n`);
}
