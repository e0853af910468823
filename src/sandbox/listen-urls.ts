import { dirname, join } from 'node:path';
import { ldapiUri, parseLdapUri } from '../directory/ldap-uri.ts';

/** The socket of a sandbox. */
export function socketIn(dir: string): string {
  return join(dir, 'ldapi');
}

/** The value of slapd's `-h` option, by which a sandbox is found among all processes: it names the folder. */
export function listenUrls(dir: string, port: number, ldapsPort?: number): string {
  const ldaps = ldapsPort === undefined ? '' : ` ldaps://127.0.0.1:${ldapsPort}`;
  return `${ldapiUri(socketIn(dir))} ldap://127.0.0.1:${port}${ldaps}`;
}

export interface ListenPlace {
  readonly dir: string;
  readonly uri: string;
}

/** The folder and the URI in the arguments of a slapd, joined by blanks; `undefined` where it is no sandbox's. */
export function listenPlaceIn(args: string): ListenPlace | undefined {
  const [, socket, uri = ''] = LISTENS.exec(args) ?? [];
  if (socket === undefined) return undefined;
  const place = parseLdapUri(socket);
  return place.scheme === 'ldapi' ? { dir: dirname(place.path), uri } : undefined;
}

const LISTENS = / -h (ldapi:\/\/%2F\S+%2Fldapi) (ldap:\/\/127\.0\.0\.1:\d+)(?: |$)/;
