import { KeystoneLdapError } from '../errors.ts';

export type LdapUri =
  | { readonly scheme: 'ldap' | 'ldaps'; readonly host: string; readonly port: number }
  | { readonly scheme: 'ldapi'; readonly path: string };

/** Where Debian's slapd has its socket; RHEL's is looked for by name. */
const DEFAULT_SOCKET = '/var/run/slapd/ldapi';
const DEFAULT_PORTS = { ldap: 389, ldaps: 636 } as const;

/**
 * `ldap://host:port`, `ldaps://host`, `ldapi:///` and `ldapi://%2Fpath%2Fto%2Fsocket`, as `-H` of the OpenLDAP tools.
 * @throws `USAGE`
 */
export function parseLdapUri(text: string): LdapUri {
  const match = /^(ldap|ldaps|ldapi):\/\/([^/?]*)\/?$/i.exec(text.trim());
  const scheme = match?.[1]?.toLowerCase();
  const authority = match?.[2] ?? '';
  if (scheme === 'ldapi') return { scheme, path: socketPath(authority, text) };
  if (scheme === 'ldap' || scheme === 'ldaps') return { scheme, ...hostAndPort(authority, scheme, text) };
  throw bad(text);
}

/** An `ldapi://` URI for a socket path. */
export function ldapiUri(path: string): string {
  return `ldapi://${encodeURIComponent(path)}`;
}

function socketPath(authority: string, text: string): string {
  if (authority === '') return DEFAULT_SOCKET;
  try {
    const path = decodeURIComponent(authority);
    if (path.startsWith('/')) return path;
  } catch {
    // A malformed escape is as bad as a relative path.
  }
  throw bad(text);
}

function hostAndPort(
  authority: string,
  scheme: 'ldap' | 'ldaps',
  text: string,
): { host: string; port: number } {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:@\s]*)(?::(\d{1,5}))?$/.exec(authority);
  const port = Number(match?.[2] ?? DEFAULT_PORTS[scheme]);
  if (match === null || port < 1 || port > 65535) throw bad(text);
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, '') || 'localhost', port };
}

function bad(text: string): KeystoneLdapError {
  return new KeystoneLdapError('USAGE', `"${text}" is not an LDAP URI.`, {
    hint: 'Write ldap://HOST[:PORT], ldaps://HOST[:PORT], ldapi:/// or ldapi://%2Fpath%2Fto%2Fsocket.',
  });
}
