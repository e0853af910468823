import { valuesOf } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import { parseLdapUri } from '../../directory/ldap-uri.ts';
import type { Session } from '../../directory/session.ts';
import { findPeople, type FoundPeople } from '../../doctor/find-people.ts';
import type { Finding } from '../../doctor/finding.ts';
import { verifySchema } from '../../doctor/verify-schema.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { directorySign } from '../../plan/directory-sign.ts';
import { namingContexts } from '../../plan/plan-trees.ts';
import type { DirectorySign } from '../../releases/choose-release.ts';
import { treesBelow } from '../../releases/find-release.ts';
import { kindsIn, treeOf } from '../../releases/layout-of.ts';
import type { Release } from '../../releases/release.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import { withDirectory, type Connection } from '../../system/connection.ts';
import { connectionTo, resolveConnection } from '../inputs/resolve-connection.ts';
import type { NamedServer } from './ldap-conf-uris.ts';

/** A server that answers, and what it shows whatever the release. */
export interface AnsweringServer extends NamedServer {
  readonly identity: string;
  /** The one that was named, or that alone is there. */
  readonly suffix: string | undefined;
  readonly sign: DirectorySign;
  /** Those of any tree, but for entries of a Keystone of 2011. */
  readonly found: FoundPeople;
  readonly connection: Connection;
}

/** The same as a release sees it. */
export interface SeenServer extends AnsweringServer {
  readonly hasSchema: boolean;
  readonly missingTrees: readonly string[];
  /** By its entryUUID the directory is known under another address. */
  readonly userTree: { readonly dn: string; readonly uuid: string } | undefined;
  /** Users in the tree of the release, as many as this identity sees, counted up to {@link MOST_USERS}. */
  readonly users: number;
}

/** Counting ends there: the question is whether there are any. */
export const MOST_USERS = 1000;

/** What a server shows without a question being asked; an anonymous look where no password is at hand. */
export async function lookAtServer(
  { uri, origin }: NamedServer,
  { flags, suffix }: { flags: ConnectionFlags; suffix: string | undefined },
  io: Io,
): Promise<AnsweringServer> {
  parseLdapUri(uri);
  const connection = await quietConnection({ timeout: PATIENCE, ...flags, uri }, io);
  return await withDirectory(connection, async (directory) => {
    const contexts = await namingContexts(directory);
    const base = suffix ?? (contexts.length === 1 ? contexts[0] : undefined);
    return {
      uri,
      origin,
      identity: identityOf(connection),
      suffix: base,
      sign: await directorySign(directory, base),
      found: await findPeople(directory, base === undefined ? contexts : [base]),
      connection,
    };
  });
}

/** Looks for what the release needs. */
export async function lookForRelease(server: AnsweringServer, release: Release): Promise<SeenServer> {
  return await withDirectory(server.connection, async (directory) => {
    const { suffix } = server;
    const trees = suffix === undefined ? undefined : treesBelow(release, suffix);
    const missing: string[] = [];
    for (const dn of trees === undefined ? [] : new Set(kindsIn(trees).map((kind) => treeOf(trees, kind))))
      if ((await directory.read(dn, ['1.1'])) === undefined) missing.push(dn);
    return {
      ...server,
      hasSchema: await isEmpty(verifySchema(directory, release)),
      missingTrees: missing,
      userTree: trees === undefined ? undefined : await markOf(directory, trees.user),
      users: trees === undefined ? 0 : await countUsers(directory, trees.user, release),
    };
  });
}

/** Seconds for a server that may not be there at all. */
export const PATIENCE = 3;

async function quietConnection(
  flags: ConnectionFlags & { readonly uri: string },
  io: Io,
): Promise<Connection> {
  try {
    return await resolveConnection(flags, { ...io, asker: undefined });
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'USAGE') throw error;
    return await connectionTo(flags.uri, { kind: 'anonymous' }, flags, io);
  }
}

export function identityOf({ options: { credentials } }: Connection): string {
  if (credentials.kind === 'simple') return credentials.dn;
  return credentials.kind === 'external' ? 'you (SASL EXTERNAL)' : 'nobody (anonymous)';
}

async function markOf(directory: Session, dn: string): Promise<SeenServer['userTree']> {
  const entry = await directory.read(dn, ['entryUUID']);
  const [uuid] = entry === undefined ? [] : valuesOf(entry, 'entryUUID');
  return uuid === undefined ? undefined : { dn, uuid };
}

async function isEmpty(findings: AsyncIterable<Finding>): Promise<boolean> {
  for await (const { severity } of findings) if (severity === 'error') return false;
  return true;
}

async function countUsers(directory: Session, base: string, { layout }: Release): Promise<number> {
  const filter = equal('objectClass', layout.user.marker);
  const dns: string[] = [];
  for await (const { dn } of directory.search({ base, scope: 'sub', filter, attributes: ['1.1'] }))
    if (dns.push(dn) === MOST_USERS) break;
  return dns.length;
}
