import { hashOf } from '../../hash-of.ts';

/**
 * The id under which Keystone shows a user or group of a domain that has an LDAP driver of its own, and of the default
 * domain with `[identity_mapping] backward_compatible_ids = false`: Keystone's `sha256` generator (Juno on) hashes the
 * key of its mapping, its fields in the order of their names and nothing between them. The local id is the value of
 * the id attribute as the directory holds it: case and Unicode form count.
 */
export function publicId(domainId: string, type: 'user' | 'group', localId: string): string {
  return hashOf('sha256', `${domainId}${type}${localId}`);
}
