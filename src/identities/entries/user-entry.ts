import type { UserLayout } from '../../releases/release.ts';
import type { Secret } from '../../secret.ts';
import type { DesiredEntry } from './desired-entry.ts';
import type { User } from '../identities.ts';
import { storableHash } from '../passwords/storable-hash.ts';

/** Of all entries there are most of these, by far: objects are filled here, which is several times as fast as spreading. */
export function userEntry(
  { name, email, password, resetPassword, passwordHash }: User,
  {
    email: mail,
    password: form,
    passwordAttribute,
    rdn,
    marker,
    objectClasses,
    required,
    enabled,
  }: UserLayout,
  { id, ...frame }: Pick<DesiredEntry, 'dn' | 'exact' | 'readFirst'> & { readonly id: string },
): DesiredEntry {
  const among: Record<string, readonly string[]> = {};
  among[rdn] = [id];
  if (email !== undefined && mail !== undefined) among[mail] = [email];
  const initial: Record<string, readonly (string | Secret)[]> = {};
  for (const attribute of required) initial[attribute] = [name];
  const hash = storableHash(passwordHash, form);
  if (hash !== undefined) initial[passwordAttribute] = [hash];
  const label = `user ${name}`;
  const entry = { ...frame, label, marker, objectClasses, initial, among, password, resetPassword };
  if (enabled.kind !== 'attribute' || enabled.mask === undefined) return entry;
  return { ...entry, bits: { attribute: enabled.attribute, mask: enabled.mask } };
}
