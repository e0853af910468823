import type { NewEntry } from '../../src/directory/entry.ts';
import { sshaPassword } from '../../src/directory/ssha-password.ts';
import { Secret } from '../../src/secret.ts';

/** The few types of Active Directory by which Keystone is set up for it, by their own OIDs, as an entry of cn=config. */
export const AD_SCHEMA: NewEntry = {
  dn: 'cn=active-directory,cn=schema,cn=config',
  attributes: {
    objectClass: ['olcSchemaConfig'],
    cn: ['active-directory'],
    olcAttributeTypes: [
      "( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )",
      "( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
    ],
    olcObjectClasses: [
      "( 1.2.840.113556.1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL MAY ( sAMAccountName $ userAccountControl $ mail ) )",
      "( 1.2.840.113556.1.3.30 NAME 'computer' SUP user STRUCTURAL )",
      "( 1.2.840.113556.1.5.8 NAME 'group' SUP top STRUCTURAL MUST cn MAY ( sAMAccountName $ member $ description ) )",
    ],
  },
};

export const AD_BASE = 'DC=example,DC=com';
export const AD_STAFF = `OU=Staff,${AD_BASE}`;
export const AD_TEAMS = `OU=Teams,${AD_BASE}`;

/** Bits of userAccountControl. */
export const NORMAL_ACCOUNT = 512;
export const ACCOUNT_DISABLED = 2;
export const PASSWORD_NEVER_EXPIRES = 65536;
const WORKSTATION = 4096;

export const AD_ROOTS: readonly NewEntry[] = [
  { dn: AD_BASE, attributes: { objectClass: ['domain'], dc: ['example'] } },
  ...[AD_STAFF, AD_TEAMS, `OU=Berlin,${AD_STAFF}`, `OU=Paris,${AD_STAFF}`].map((dn) => ({
    dn,
    attributes: { objectClass: ['organizationalUnit'], ou: [dn.slice(3, dn.indexOf(','))] },
  })),
];

/** Named by the full name in some office; `control` is absent where nobody ever set it. */
export function adUser(
  login: string,
  office: 'Berlin' | 'Paris',
  { password, mail, control }: { password: string; mail: string; control?: number },
): NewEntry {
  return {
    dn: `CN=Example\\, ${login},OU=${office},${AD_STAFF}`,
    attributes: {
      objectClass: ['top', 'person', 'organizationalPerson', 'user'],
      cn: [`Example, ${login}`],
      sn: ['Example'],
      sAMAccountName: [login],
      mail: [mail],
      userPassword: [new Secret(sshaPassword(new Secret(password)))],
      ...(control !== undefined && { userAccountControl: [String(control)] }),
    },
  };
}

/** A machine has an account too. */
export const AD_COMPUTER: NewEntry = {
  dn: `CN=WS01,OU=Berlin,${AD_STAFF}`,
  attributes: {
    objectClass: ['top', 'person', 'organizationalPerson', 'user', 'computer'],
    cn: ['WS01'],
    sn: ['WS01'],
    sAMAccountName: ['WS01$'],
    userAccountControl: [String(WORKSTATION)],
  },
};

export function adGroup(login: string, members: readonly string[]): NewEntry {
  return {
    dn: `CN=Team ${login},${AD_TEAMS}`,
    attributes: {
      objectClass: ['group'],
      cn: [`Team ${login}`],
      sAMAccountName: [login],
      ...(members.length > 0 && { member: members }),
    },
  };
}
