import type { Credentials, Session } from '../directory/session.ts';
import { openSession } from '../directory/open-session.ts';
import { admitIdentities } from '../identities/check/admit-identities.ts';
import type { Identities } from '../identities/identities.ts';
import { loadSampleData } from '../identities/read/load-sample-data.ts';
import { FEWEST_ROUNDS } from '../identities/passwords/password-hash.ts';
import { treesBelow } from '../releases/find-release.ts';
import type { Release } from '../releases/release.ts';
import type { Secret } from '../secret.ts';
import { apply } from './apply/apply.ts';
import type { Change } from './change.ts';
import { passwordPolicy } from './identities/password-policy.ts';
import { planIdentities } from './identities/plan-identities.ts';
import { planInit } from './plan-init.ts';

/**
 * A server whose `ldapiUri` lets this user do everything by SASL EXTERNAL, or the rootdns of its data and of cn=config.
 * A `Sandbox` is one.
 */
export type BlankServer = { readonly suffix: string } & (
  { readonly ldapiUri: string } | ({ readonly uri: string } & Rootdns)
);

interface Rootdns {
  readonly bindDn: string;
  readonly password: Secret;
  readonly configDn: string;
  readonly configPassword: Secret;
}

export interface Filling {
  readonly release: Release;
  /** Whether identities are written too: the sample data of the release unless told which. */
  readonly seed?: boolean | Identities;
  readonly signal?: AbortSignal;
}

/**
 * What `init` does to a server, and `seed` on demand, in one call for throw-away ones:
 * `await fillSandbox(sandbox, { release: findRelease('2011.3'), seed: true })`.
 * @returns what the identities could not express
 * @throws `UNSAFE_NAME` for names that this Keystone cannot live with
 */
export async function fillSandbox(
  server: BlankServer,
  { release, seed = false, signal }: Filling,
): Promise<readonly string[]> {
  const openConfig = (): Promise<Session> => open(server, 'config', signal);
  await using directory = await open(server, 'data', signal);
  const ports = { directory, openConfig };
  const trees = treesBelow(release, server.suffix);
  const carryOut = async (changes: readonly Change[]): Promise<void> => {
    const steps = apply(changes, ports);
    while ((await steps.next()).done !== true);
  };
  await carryOut(await planInit(ports, { release, trees, schemaFile: undefined, replaceSchema: false }));
  if (seed === false) return [];
  const wanted = seed === true ? await loadSampleData(release.name) : seed;
  const admission = { release, trees, allowUnsafeNames: false };
  const { held: identities, remarks } = admitIdentities(wanted, admission);
  const passwords = passwordPolicy(release.layout.user.password, { rounds: FEWEST_ROUNDS });
  await carryOut(await planIdentities(directory, { release, trees, identities, passwords }));
  return remarks;
}

function open(
  server: BlankServer,
  part: 'data' | 'config',
  signal: AbortSignal | undefined,
): Promise<Session> {
  const [uri, credentials]: [string, Credentials] =
    'ldapiUri' in server
      ? [server.ldapiUri, { kind: 'external' }]
      : [server.uri, { kind: 'simple', ...rootdn(server, part) }];
  return openSession({ uri, credentials, ...(signal && { signal }) });
}

function rootdn(
  { bindDn, password, configDn, configPassword }: Rootdns,
  part: 'data' | 'config',
): { readonly dn: string; readonly password: Secret } {
  return part === 'data' ? { dn: bindDn, password } : { dn: configDn, password: configPassword };
}
