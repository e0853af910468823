import { childDn, rdnOf } from '../../../src/directory/dn.ts';
import type { NewEntry } from '../../../src/directory/entry.ts';
import { openSession } from '../../../src/directory/open-session.ts';
import { sshaPassword } from '../../../src/directory/ssha-password.ts';
import type { SlapdInstallation } from '../../../src/sandbox/slapd-installation.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/start-sandbox.ts';
import { Secret } from '../../../src/secret.ts';
import { passwordOf, PEOPLE, TEAMS, type Person } from './people.ts';

export const SUFFIX = 'dc=example,dc=com';
export const PEOPLE_TREE = `ou=People,${SUFFIX}`;
const TEAM_TREE = `ou=Group,${SUFFIX}`;

/** An account that the owner of the directory hands out for reading. */
export const READER = { dn: `cn=keystone,ou=Services,${SUFFIX}`, password: 'reader: "p#ss" $1' };

/** People of another tree, whom the company's Keystone must not know. */
export const OUTSIDER: Person = {
  uid: 'outsider',
  cn: 'Out Sider',
  unit: '',
  standing: 'works',
  mail: 'out@example.org',
};

export const dnOf = ({ uid, unit }: Person, tree = PEOPLE_TREE): string =>
  childDn('uid', uid, unit === '' ? tree : `${unit},${tree}`);

/**
 * The directory of a company as Keystone's operator finds it: it has rules, a password policy and people of its own,
 * and knows nothing of Keystone.
 */
export async function startCompanyDirectory(slapd: SlapdInstallation): Promise<Sandbox> {
  const directory = await startSandbox({ slapd, tuning: TUNING });
  await using session = await openSession({ uri: directory.ldapiUri, credentials: { kind: 'external' } });
  for (const { dn, attributes } of companyEntries()) {
    const { type, value } = rdnOf(dn);
    await session.add({ dn, attributes: { [type]: [value], ...attributes } });
  }
  for (const person of PEOPLE.filter(({ standing }) => standing === 'locked'))
    await session.modify(dnOf(person), [
      { operation: 'add', attribute: 'pwdAccountLockedTime', values: ['000001010000Z'] },
    ]);
  return directory;
}

const TUNING = {
  modules: ['ppolicy'],
  entries: [
    {
      dn: 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config',
      attributes: {
        objectClass: ['olcOverlayConfig', 'olcPPolicyConfig'],
        olcOverlay: ['{0}ppolicy'],
        olcPPolicyDefault: [`cn=policy,ou=Services,${SUFFIX}`],
      },
    },
  ],
  database: {
    olcAccess: [
      '{0}to * by dn.exact="gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth" manage by * break',
      '{1}to attrs=userPassword,shadowLastChange by self write by anonymous auth by * none',
      `{2}to dn.subtree="${PEOPLE_TREE}" by dn.exact="${READER.dn}" read by self read by * none`,
      `{3}to dn.subtree="${TEAM_TREE}" by dn.exact="${READER.dn}" read by users read by * none`,
      `{4}to * by dn.exact="${READER.dn}" read by users read by * none`,
    ],
  },
} as const;

function* companyEntries(): Generator<NewEntry> {
  yield { dn: SUFFIX, attributes: { objectClass: ['dcObject', 'organization'], o: ['Example'] } };
  const units = new Set(PEOPLE.flatMap(({ unit }) => unitsOf(unit)));
  const parents = [PEOPLE_TREE, TEAM_TREE, `ou=Services,${SUFFIX}`, `ou=Partners,${SUFFIX}`];
  for (const dn of [...parents, ...[...units].map((unit) => `${unit},${PEOPLE_TREE}`)])
    yield { dn, attributes: { objectClass: ['organizationalUnit'] } };
  yield {
    dn: READER.dn,
    attributes: {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      userPassword: [hashed(READER.password)],
    },
  };
  yield {
    dn: `cn=policy,ou=Services,${SUFFIX}`,
    attributes: {
      objectClass: ['device', 'pwdPolicy'],
      pwdAttribute: ['userPassword'],
      pwdLockout: ['TRUE'],
    },
  };
  for (const [at, person] of PEOPLE.entries()) yield personEntry(person, dnOf(person), at);
  yield personEntry(OUTSIDER, dnOf(OUTSIDER, `ou=Partners,${SUFFIX}`), PEOPLE.length);
  for (const [at, [name, members]] of Object.entries(TEAMS).entries())
    yield {
      dn: `cn=${name},${TEAM_TREE}`,
      attributes: {
        objectClass: ['posixGroup'],
        gidNumber: [String(500 + at)],
        ...(members.length > 0 && { memberUid: members.map(({ uid }) => uid) }),
      },
    };
}

/** A unit with all above it, the topmost first: `ou=A,ou=B` gives `ou=B` and `ou=A,ou=B`. */
function unitsOf(unit: string): readonly string[] {
  if (unit === '') return [];
  const above = /^(?:\\.|[^,\\])*,(.+)$/.exec(unit)?.[1] ?? '';
  return [...unitsOf(above), unit];
}

function personEntry(person: Person, dn: string, at: number): NewEntry {
  return {
    dn,
    attributes: {
      objectClass: ['inetOrgPerson', 'posixAccount'],
      cn: [person.cn],
      sn: [person.cn],
      mail: [person.mail],
      employeeType: [person.standing === 'left' ? 'left' : 'staff'],
      uidNumber: [String(10_000 + at)],
      gidNumber: ['500'],
      homeDirectory: [`/home/${at}`],
      ...(person.standing !== 'new' && { userPassword: [hashed(passwordOf(person))] }),
    },
  };
}

function hashed(password: string): Secret {
  return new Secret(sshaPassword(new Secret(password)));
}
