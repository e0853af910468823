import { access } from 'node:fs/promises';
import { ldapiUri, parseLdapUri } from '../../directory/ldap-uri.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { Release } from '../../releases/release.ts';
import { socketIn } from '../../sandbox/listen-urls.ts';
import { listSandboxes } from '../../sandbox/sandbox-registry.ts';
import type { ConnectionFlags } from '../connection-flags.ts';
import type { Io } from '../io.ts';
import type { FoundConf } from './find-conf.ts';
import { ldapConfUris, type NamedServer } from './ldap-conf-uris.ts';
import { lookAtServer, type SeenServer } from './look-at-server.ts';
import { pointsAt } from './points-at.ts';

/** What there is on this machine for a Keystone of this release. */
export interface Scene {
  readonly release: Release;
  /** The first server that answers. */
  readonly server: SeenServer | undefined;
  /** Servers that are named somewhere and do not answer, and why. */
  readonly silent: readonly (NamedServer & { readonly why: string })[];
  readonly conf: FoundConf | undefined;
  readonly confPointsThere: boolean;
  /** The URIs of the sandboxes that this user runs. */
  readonly sandboxes: readonly string[];
}

export interface Look {
  readonly flags: ConnectionFlags & { readonly suffix?: string };
  readonly release: Release;
  readonly conf: FoundConf | undefined;
}

/** It writes nothing, asks nothing, and searches little: the root DSE, the schema, the trees, some users. */
export async function lookAround({ flags, release, conf }: Look, io: Io): Promise<Scene> {
  const sandboxes = await runningSandboxes();
  const silent: (NamedServer & { why: string })[] = [];
  let server: SeenServer | undefined;
  for (const named of await serversNamed(flags, conf, sandboxes, io)) {
    try {
      server = await lookAtServer(named, { flags, release, suffix: flags.suffix }, io);
      break;
    } catch (error) {
      if (!(error instanceof KeystoneLdapError) || error.code === 'CANCELLED') throw error;
      silent.push({ ...named, why: error.message });
    }
  }
  const confPointsThere =
    server !== undefined && conf !== undefined && (await pointsAt(conf, server, { release, io }));
  return { release, server, silent, conf, confPointsThere, sandboxes };
}

/** The one that was asked for; else what the machine's own settings name, a sandbox, what Keystone uses, the local socket. */
async function serversNamed(
  { uri }: ConnectionFlags,
  conf: FoundConf | undefined,
  sandboxes: readonly string[],
  { env }: Io,
): Promise<readonly NamedServer[]> {
  if (uri !== undefined)
    return [{ uri, origin: env['KEYSTONE_LDAP_URI'] === uri ? 'KEYSTONE_LDAP_URI' : '-H' }];
  const socket = parseLdapUri(LOCAL);
  const hasSocket =
    socket.scheme === 'ldapi' &&
    (await access(socket.path).then(
      () => true,
      () => false,
    ));
  return [
    ...(await ldapConfUris(env)),
    ...sandboxes.map((sandbox) => ({ uri: sandbox, origin: 'a sandbox' })),
    ...(conf?.url === undefined ? [] : [{ uri: conf.url, origin: conf.path }]),
    ...(hasSocket ? [{ uri: LOCAL, origin: 'the socket of this machine' }] : []),
  ];
}

const LOCAL = 'ldapi:///';

async function runningSandboxes(): Promise<readonly string[]> {
  const all = await listSandboxes();
  return all
    .filter(({ slapdPid, hasFolder }) => slapdPid !== undefined && hasFolder)
    .map(({ dir }) => ldapiUri(socketIn(dir)));
}
