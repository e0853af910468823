import { parseLdapUri } from '../../directory/ldap-uri.ts';

/** What two URIs of one server have in common: `ldap://localhost` and `ldap://localhost:389/` are one. */
export function addressOf(uri: string): string {
  try {
    return JSON.stringify(parseLdapUri(uri.trim()));
  } catch {
    return uri;
  }
}
