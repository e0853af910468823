import { access } from 'node:fs/promises';
import { ldapiUri, parseLdapUri } from '../../directory/ldap-uri.ts';
import { KeystoneLdapError } from '../../errors.ts';
import type { Release } from '../../releases/release.ts';
import { socketIn } from '../../sandbox/listen-urls.ts';
import { listSandboxes } from '../../sandbox/sandbox-registry.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { FoundConf } from '../inputs/find-conf.ts';
import type { Io } from '../terminal/io.ts';
import { ldapConfUris, type NamedServer } from './ldap-conf-uris.ts';
import { lookAtServer, lookForRelease, type AnsweringServer, type SeenServer } from './look-at-server.ts';
import { pointsAt } from './points-at.ts';

/** What there is on this machine, whatever the release. */
export interface Surroundings {
  /** The first server that answers. */
  readonly server: AnsweringServer | undefined;
  /** Servers that are named somewhere and do not answer, and why. */
  readonly silent: readonly (NamedServer & { readonly why: string })[];
  readonly conf: FoundConf | undefined;
  /** The URIs of the sandboxes that this user runs. */
  readonly sandboxes: readonly string[];
}

/** The same for a Keystone of this release; without a server to harm, none need be known. */
export interface Scene extends Surroundings {
  readonly release: Release | undefined;
  readonly server: SeenServer | undefined;
  readonly confPointsThere: boolean;
}

export interface Look {
  readonly flags: ConnectionFlags & { readonly suffix?: string };
  readonly conf: FoundConf | undefined;
}

/** It writes nothing, asks nothing, and reads the root DSE, and who the people are. */
export async function lookAround({ flags, conf }: Look, io: Io): Promise<Surroundings> {
  const sandboxes = await runningSandboxes();
  const silent: (NamedServer & { why: string })[] = [];
  for (const named of await serversNamed(flags, conf, sandboxes, io)) {
    try {
      const server = await lookAtServer(named, { flags, suffix: flags.suffix }, io);
      return { server, silent, conf, sandboxes };
    } catch (error) {
      if (!(error instanceof KeystoneLdapError) || error.code === 'CANCELLED') throw error;
      silent.push({ ...named, why: error.message });
    }
  }
  return { server: undefined, silent, conf, sandboxes };
}

/** Looks for what the release needs: the schema, the trees, some users. */
export async function sceneFor(
  { server, ...around }: Surroundings,
  release: Release | undefined,
  io: Io,
): Promise<Scene> {
  if (server === undefined || release === undefined)
    return { ...around, release, server: undefined, confPointsThere: false };
  const { conf } = around;
  const seen = await lookForRelease(server, release);
  const confPointsThere = conf !== undefined && (await pointsAt(conf, seen, { release, io }));
  return { ...around, release, server: seen, confPointsThere };
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
    ...(conf?.url === undefined ? [] : [{ uri: conf.url, origin: conf.file }]),
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
