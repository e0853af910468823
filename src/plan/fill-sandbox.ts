import { openSession, type Session } from '../directory/session.ts';
import { divideIdentities } from '../identities/divide-identities.ts';
import { loadSampleData } from '../identities/load-sample-data.ts';
import { treesBelow } from '../releases/find-release.ts';
import type { Release } from '../releases/release.ts';
import { apply } from './apply.ts';
import type { Change } from './change.ts';
import { passwordPolicy } from './password-policy.ts';
import { planIdentities } from './plan-identities.ts';
import { planInit } from './plan-init.ts';

/** A server whose `ldapiUri` lets this user do everything by SASL EXTERNAL; a `Sandbox` is one. */
export interface BlankServer {
  readonly ldapiUri: string;
  readonly suffix: string;
}

export interface Filling {
  readonly release: Release;
  /** Whether the sample data of the release is written too. */
  readonly seed?: boolean;
  readonly signal?: AbortSignal;
}

/** The fewest that SHA-512-crypt has: the hashes of a throw-away server guard nothing. */
const ROUNDS = 1000;

/**
 * What `init` does to a server, and `seed` on demand, in one call for throw-away ones:
 * `await fillSandbox(sandbox, { release: findRelease('2011.3'), seed: true })`.
 * @returns what the sample data could not express
 */
export async function fillSandbox(
  { ldapiUri, suffix }: BlankServer,
  { release, seed = false, signal }: Filling,
): Promise<readonly string[]> {
  const openConfig = (): Promise<Session> =>
    openSession({ uri: ldapiUri, credentials: { kind: 'external' }, ...(signal && { signal }) });
  await using directory = await openConfig();
  const ports = { directory, openConfig };
  const trees = treesBelow(release, suffix);
  const carryOut = async (changes: readonly Change[]): Promise<void> => {
    const steps = apply(changes, ports);
    while ((await steps.next()).done !== true);
  };
  await carryOut(await planInit(ports, { release, trees, schemaFile: undefined, replaceSchema: false }));
  if (!seed) return [];
  const { held: identities, remarks } = divideIdentities(await loadSampleData(release.name), release.layout);
  const passwords = passwordPolicy(release.layout.user.password, { rounds: ROUNDS });
  await carryOut(await planIdentities(directory, { release, trees, identities, passwords }));
  return [...identities.remarks, ...remarks];
}
