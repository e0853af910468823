import type { NewEntry } from '../../src/directory/entry.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { Secret } from '../../src/secret.ts';

const BASE = 'dc=example,dc=com';

/** Where the people of the directory below are. */
export const EXISTING_TREES = { user: `ou=People,${BASE}`, group: `ou=Teams,${BASE}` } as const;

/** The account that may read it. */
export const READER = { dn: `cn=keystone,${BASE}`, password: 'reader-7301' } as const;

/** The options of `[ldap]` by which its entries are found. */
export const EXISTING_MAP = [
  'user_id_attribute=uid',
  'user_name_attribute=uid',
  'group_name_attribute=cn',
  'group_objectclass=posixGroup',
  'group_member_attribute=memberUid',
  'group_members_are_ids=true',
  'query_scope=sub',
] as const;

const unit = (name: string, parent = BASE): NewEntry => ({
  dn: `ou=${name},${parent}`,
  attributes: { objectClass: ['organizationalUnit'], ou: [name] },
});

const hashed = (password: string): Secret[] => [new Secret(sshaPassword(new Secret(password)))];

/** A directory that others fill: people by uid in sub-units, and their posixGroups; nothing of Keystone's. */
export function existingDirectory(logins: readonly string[]): readonly NewEntry[] {
  const { user, group } = EXISTING_TREES;
  const units = ['North', 'South'];
  const people = logins.map((login, at): NewEntry => ({
    dn: `uid=${login},ou=${units[at % units.length] ?? ''},${user}`,
    attributes: {
      objectClass: ['inetOrgPerson', 'posixAccount'],
      uid: [login],
      cn: [`${login} of Example`],
      sn: ['Example'],
      uidNumber: [String(10_000 + at)],
      gidNumber: ['1000'],
      homeDirectory: [`/home/${login}`],
      userPassword: hashed(login),
    },
  }));
  return [
    { dn: BASE, attributes: { objectClass: ['domain'], dc: ['example'] } },
    unit('People'),
    unit('Teams'),
    ...units.map((name) => unit(name, user)),
    ...people,
    {
      dn: `cn=ops,${group}`,
      attributes: {
        objectClass: ['posixGroup'],
        cn: ['ops'],
        gidNumber: ['1000'],
        memberUid: logins.slice(0, 2),
      },
    },
    {
      dn: READER.dn,
      attributes: {
        objectClass: ['organizationalRole', 'simpleSecurityObject'],
        cn: ['keystone'],
        userPassword: hashed(READER.password),
      },
    },
  ];
}
