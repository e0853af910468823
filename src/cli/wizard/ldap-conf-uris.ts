import { join } from 'node:path';
import { readBytesIfPresent } from '../../files.ts';
import type { Io } from '../terminal/io.ts';

/** A server that something on this machine names. */
export interface NamedServer {
  readonly uri: string;
  readonly origin: string;
}

/** The servers that OpenLDAP's own tools would ask: `LDAPURI`, else the files of ldap.conf(5), the user's before the system's. */
export async function ldapConfUris(env: Io['env']): Promise<readonly NamedServer[]> {
  if (env['LDAPNOINIT'] !== undefined) return [];
  if (env['LDAPURI']) return urisIn(env['LDAPURI'], 'LDAPURI');
  for (const file of files(env)) {
    const text = (await readBytesIfPresent(file).catch(() => undefined))?.toString('utf8') ?? '';
    const line = /^URI[ \t]+(.+)$/im.exec(text)?.[1];
    if (line !== undefined) return urisIn(line, file);
  }
  return [];
}

function files({ HOME: home, LDAPCONF: named }: Io['env']): readonly string[] {
  return [
    'ldaprc',
    ...(home ? [join(home, 'ldaprc'), join(home, '.ldaprc')] : []),
    ...(named ? [named] : []),
    '/etc/ldap/ldap.conf',
    '/etc/openldap/ldap.conf',
  ];
}

function urisIn(text: string, origin: string): readonly NamedServer[] {
  return text
    .trim()
    .split(/\s+/)
    .map((uri) => ({ uri, origin }));
}
