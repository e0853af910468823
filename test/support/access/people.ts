import type { NewEntry } from '../../../src/directory/entry.ts';
import { openSession } from '../../../src/directory/open-session.ts';
import type { RunningSlapd } from '../../../src/sandbox/running-slapd.ts';
import { loadLdif } from '../load-ldif.ts';

/** Every password: who may bind is a question for the rules. */
export const PASSWORD = 'the-password-of-everybody';

/** What some rules, and some services beside Keystone, keep in entries; the secrets are what nobody should see. */
const SCHEMA = `dn: cn=site,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: site
olcAttributeTypes: ( 1.3.6.1.4.1.7165.2.1.25 NAME 'sambaNTPassword' EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )
olcObjectClasses: ( 1.3.6.1.4.1.99999.1.2.1 NAME 'siteAccount' SUP top AUXILIARY MAY sambaNTPassword )
`;

export interface Place {
  readonly suffix: string;
  readonly users: string;
  readonly groups: string;
}

export function placeBelow(suffix: string): Place {
  return { suffix, users: `ou=Users,${suffix}`, groups: `ou=UserGroups,${suffix}` };
}

export function accountBelow({ suffix }: Place): string {
  return `cn=keystone,${suffix}`;
}

function person(uid: string, parent: string, more: NewEntry['attributes'] = {}): NewEntry {
  return {
    dn: `uid=${uid},${parent}`,
    attributes: {
      objectClass: ['inetOrgPerson', 'siteAccount'],
      cn: [uid],
      sn: [uid],
      mail: [`${uid}@example.com`],
      telephoneNumber: ['5551234'],
      sambaNTPassword: ['0123456789ABCDEF'],
      userPassword: [PASSWORD],
      ...more,
    },
  };
}

const unit = (dn: string): NewEntry => ({ dn, attributes: { objectClass: ['organizationalUnit'] } });

/** Users, one of them locked and one of them secret, a group with an operator, an outsider, and the account. */
function peopleOf(place: Place): readonly NewEntry[] {
  const { suffix, users, groups } = place;
  return [
    ...[users, `ou=Staff,${users}`, groups, `ou=Elsewhere,${suffix}`].map(unit),
    person('alice', users),
    person('bob', `ou=Staff,${users}`, { mail: ['bob@secret.example.com'] }),
    person('carol', users, { description: ['operators'] }),
    person('locked', users, { employeeType: ['locked'] }),
    person('outsider', `ou=Elsewhere,${suffix}`),
    person('boss', `ou=Elsewhere,${suffix}`),
    {
      dn: `cn=ops,${groups}`,
      attributes: { objectClass: ['groupOfNames'], member: [`uid=carol,${users}`] },
    },
    {
      dn: accountBelow(place),
      attributes: { objectClass: ['organizationalRole', 'simpleSecurityObject'], userPassword: [PASSWORD] },
    },
  ];
}

/** Fills a server whose suffix may be there already. */
export async function settle(server: RunningSlapd, place: Place, hasSuffix: boolean): Promise<void> {
  await loadLdif(server.ldapiUri, SCHEMA);
  const top = { dn: place.suffix, attributes: { objectClass: ['domain'] } };
  const { uri, bindDn: dn, password } = server;
  await using session = await openSession({ uri, credentials: { kind: 'simple', dn, password } });
  for (const entry of [...(hasSuffix ? [] : [top]), ...peopleOf(place)]) await session.add(entry);
}
