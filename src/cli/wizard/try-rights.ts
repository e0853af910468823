import type { Session, WriteRight } from '../../directory/session.ts';
import type { ConnectionFlags } from '../flags/connection-flags.ts';
import type { Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import { withDirectory } from '../../system/connection.ts';
import { resolveConnection } from '../inputs/resolve-connection.ts';
import { identityOf, type SeenServer } from './look-at-server.ts';

/**
 * The surroundings for a command that writes to the server, once its identity is known to have the right; nothing where
 * it has not. What a person answered for it goes along, so that it is asked for once.
 */
export async function ifMayWrite(
  server: SeenServer,
  flags: ConnectionFlags,
  io: Io,
): Promise<Io | undefined> {
  const connection = await resolveConnection({ ...flags, uri: server.uri }, io);
  const { suffix } = server;
  const right =
    suffix === undefined
      ? 'untold'
      : await withDirectory(connection, (session) => rightBelow(session, suffix, server));
  const who = identityOf(connection);
  if (right === 'no') {
    remark(io, `${who} may not write to ${server.uri}; nothing was written. Bind as another with -D.`);
    return undefined;
  }
  if (right === 'untold') remark(io, `Whether ${who} may write shows only when it does.`);
  const { credentials } = connection.options;
  if (credentials.kind !== 'simple') return io;
  const { dn, password } = credentials;
  const own = { KEYSTONE_LDAP_BIND_DN: dn, KEYSTONE_LDAP_PASSWORD: password.reveal() };
  return { ...io, env: { ...io.env, ...own } };
}

/** At the tree of the users, or what is there of it. */
async function rightBelow(session: Session, suffix: string, { userTree }: SeenServer): Promise<WriteRight> {
  const dns = [...(userTree === undefined ? [] : [userTree.dn]), suffix];
  for (const dn of dns) {
    const right = await session.mayWrite(dn);
    if (right !== 'untold') return right;
  }
  return 'untold';
}
