import { parseDn, rdnOf } from '../../directory/dn.ts';
import type { NewAttributes } from '../../directory/entry.ts';
import { KeystoneLdapError } from '../../errors.ts';

interface EntryForm {
  readonly objectClasses: readonly string[];
  /** Further attributes that the classes demand; they get the value of the RDN. */
  readonly required: readonly string[];
}

/** `account` is in cosine.schema, which a slapd built from source does not load; the others are in core.schema. */
const FORMS: ReadonlyMap<string, readonly EntryForm[]> = new Map([
  ['cn', [{ objectClasses: ['organizationalRole', 'simpleSecurityObject'], required: [] }]],
  [
    'uid',
    [
      { objectClasses: ['account', 'simpleSecurityObject'], required: [] },
      { objectClasses: ['organizationalRole', 'uidObject', 'simpleSecurityObject'], required: ['cn'] },
    ],
  ],
]);

/**
 * An entry that can be bound to and is nothing else, without its password.
 * @throws `INPUT_INVALID` for an RDN that no such entry can be made for
 */
export function serviceAccountEntry(dn: string, knownClasses: ReadonlySet<string>): NewAttributes {
  const [rdn = []] = parseDn(dn);
  const { type, value } = rdnOf(dn);
  const isKnown = (name: string): boolean => knownClasses.has(name.toLowerCase());
  const form = (FORMS.get(type.toLowerCase()) ?? []).find(({ objectClasses }) =>
    objectClasses.every(isKnown),
  );
  if (rdn.length === 1 && form !== undefined)
    return {
      objectClass: form.objectClasses,
      [type]: [value],
      ...Object.fromEntries(form.required.map((name) => [name, [value]])),
    };
  throw new KeystoneLdapError(
    'INPUT_INVALID',
    `${dn} is missing, and keystone-ldap cannot tell what kind of account it shall be.`,
    {
      hint: 'It makes accounts named by cn or uid; create this one yourself and run the command again.',
    },
  );
}
