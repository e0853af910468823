import type { NewEntry } from '../../src/directory/entry.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { Secret } from '../../src/secret.ts';

/** The password of a user of the trees below. */
export const passwordOf = (login: string): string => `${login}-Pässword 1`;

const BASE = 'dc=example,dc=com';
export const USERS = `ou=Users,${BASE}`;

const base: NewEntry = {
  dn: BASE,
  attributes: { objectClass: ['domain'], dc: ['example'] },
};

const unit = (name: string): NewEntry => ({
  dn: `ou=${name},${BASE}`,
  attributes: { objectClass: ['organizationalUnit'], ou: [name] },
});

const userPassword = (login: string): Secret[] => [new Secret(sshaPassword(new Secret(passwordOf(login))))];

const cnUser = (login: string, mail?: string): NewEntry => ({
  dn: `cn=${login},${USERS}`,
  attributes: {
    objectClass: ['inetOrgPerson'],
    cn: [login],
    sn: [login],
    userPassword: userPassword(login),
    ...(mail !== undefined && { mail: [mail] }),
  },
});

const uidUser = (login: string, enabled: 'TRUE' | 'FALSE'): NewEntry => ({
  dn: `uid=${login},${USERS}`,
  attributes: {
    objectClass: ['inetOrgPerson'],
    uid: [login],
    cn: [`${login} of Example`],
    sn: ['Example'],
    employeeType: [enabled],
    userPassword: userPassword(login),
  },
});

const group = (dn: string, members: readonly string[], names: Record<string, string[]>): NewEntry => ({
  dn,
  attributes: { objectClass: ['groupOfNames'], ...names, member: members },
});

const cnGroup = (name: string, logins: readonly string[]): NewEntry =>
  group(
    `cn=${name},ou=UserGroups,${BASE}`,
    logins.map((login) => `cn=${login},${USERS}`),
    { cn: [name], ou: [name] },
  );

const uidGroup = (name: string, logins: readonly string[]): NewEntry =>
  group(
    `cn=${name},ou=Groups,${BASE}`,
    logins.map((login) => `uid=${login},${USERS}`),
    { cn: [name] },
  );

/**
 * What Keystone finds with url, user, password and suffix alone: the name in sn, groups in ou=UserGroups and named by ou.
 * Enabled is who is a member of cn=enabled_users, which eve is not.
 */
export const CN_TREE: readonly NewEntry[] = [
  base,
  unit('Users'),
  unit('UserGroups'),
  cnUser('alice', 'alice@example.com'),
  cnUser('bob'),
  cnUser('josé'),
  cnUser('eve'),
  group(
    `cn=enabled_users,${USERS}`,
    ['alice', 'bob', 'josé'].map((login) => `cn=${login},${USERS}`),
    {
      cn: ['enabled_users'],
    },
  ),
  cnGroup('ops', ['alice', 'josé', 'eve']),
  cnGroup('all', ['alice', 'bob', 'josé', 'eve']),
];

/** uid as id and name, groups in ou=Groups and named by cn; eve is disabled by her employeeType. */
export const UID_TREE: readonly NewEntry[] = [
  base,
  unit('Users'),
  unit('Groups'),
  uidUser('alice', 'TRUE'),
  uidUser('bob', 'TRUE'),
  uidUser('eve', 'FALSE'),
  uidGroup('ops', ['alice', 'eve']),
  uidGroup('all', ['alice', 'bob', 'eve']),
];

type Options = Readonly<Record<string, string | boolean>>;

/** The [ldap] section with which Keystone reaches the directory, and what a layout needs besides. */
export function ldapConf({ uri, bindDn, password, suffix }: Sandbox, layout: Options): string {
  const options = { url: uri, user: bindDn, password: password.reveal(), suffix, ...layout };
  const lines = Object.entries(options).map(([name, value]) => `${name} = ${value}`);
  return `[identity]\ndriver = ldap\n[ldap]\n${lines.join('\n')}\n`;
}

export const CN_LAYOUT: Options = { user_enabled_emulation: true };

export const UID_LAYOUT: Options = {
  user_id_attribute: 'uid',
  user_name_attribute: 'uid',
  user_enabled_attribute: 'employeeType',
  group_tree_dn: `ou=Groups,${BASE}`,
  group_name_attribute: 'cn',
};
