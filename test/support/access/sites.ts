import type { Attributes } from '../../../src/directory/entry.ts';
import type { LdifEntry } from '../../../src/directory/format-ldif.ts';

/** How a site might have set up its server before Keystone came. */
export interface Site {
  readonly name: string;
  /** Rules of the database, after one that lets the test do everything. */
  readonly access: readonly string[];
  /** Rules of the frontend; without it those of every sandbox. */
  readonly frontend?: readonly string[];
  /** Whether the database has no rule of its own at all, not even for the test. */
  readonly isBare?: true;
  readonly overlays?: { readonly modules: readonly string[]; readonly entries: readonly LdifEntry[] };
  readonly database?: Attributes;
  /** Who the account does not see, because a rule of the site refuses it to everybody. */
  readonly hidden?: readonly string[];
  /** What it does not see of those it sees. */
  readonly hiddenAttributes?: Readonly<Record<string, string>>;
  /** How Keystone has to connect, because the site demands it. */
  readonly way?: 'tcp' | 'socket';
  /** A part of the sentence that tells a script what is refused. */
  readonly conflict?: string;
}

const SUFFIX = 'dc=example,dc=com';
const USERS = `ou=Users,${SUFFIX}`;
const OPS = `cn=ops,ou=UserGroups,${SUFFIX}`;
const BOSS = `by dn.exact="uid=boss,ou=Elsewhere,${SUFFIX}"`;
const LOGIN = 'to attrs=userPassword by self write by anonymous auth by * none';
const CLOSED = 'to * by self read by * none';
const READ = 'to * by * read';
/** Without them nobody finds out what the server holds. */
const ROOT_DSE = ['to dn.exact="" by * read', 'to dn.base="cn=Subschema" by * read'];

export const SITES: readonly Site[] = [
  {
    name: 'locked users who may not bind',
    access: [`to attrs=userPassword filter=(employeeType=locked) by * none`, LOGIN, READ],
  },
  {
    name: 'locked users whom nobody sees',
    access: [`to dn.subtree="${USERS}" filter=(employeeType=locked) by * none`, LOGIN, CLOSED],
    hidden: [`uid=locked,${USERS}`],
  },
  {
    name: 'passwords that go over encrypted connections only',
    access: [
      'to attrs=userPassword by self ssf=64 write by anonymous ssf=64 auth by * none',
      'to * by users ssf=64 read by * none',
    ],
    way: 'socket',
  },
  {
    name: 'a strength that each reader needs, and no right for the account',
    access: [
      'to attrs=userPassword by anonymous ssf=64 auth by * none',
      `to * ${BOSS} ssf=64 read by dn.exact="${OPS}" ssf=32 read by * none`,
    ],
    way: 'socket',
  },
  {
    name: 'a gate for weak connections',
    access: ['to * by * ssf=64 break by * none', LOGIN, CLOSED],
    way: 'socket',
  },
  {
    name: 'one address for everybody',
    access: [
      'to attrs=userPassword by anonymous peername.ip=127.0.0.1 auth by * none',
      `to * ${BOSS} peername.ip=127.0.0.1 read by * none`,
    ],
    way: 'tcp',
  },
  {
    name: 'sets',
    access: [
      LOGIN,
      'to attrs=telephoneNumber by set="user/description & [operators]" write by * none',
      'to * by set="this & user" read by * none',
    ],
  },
  {
    name: 'groups',
    access: [
      LOGIN,
      `to dn.subtree="${USERS}" by group.exact="${OPS}" write by self read by * none`,
      `to * by group.exact="${OPS}" read by * none`,
    ],
  },
  {
    name: 'values',
    access: [LOGIN, `to attrs=mail val.regex="@secret\\.example\\.com$" ${BOSS} read by * none`, CLOSED],
    hiddenAttributes: { [`uid=bob,ou=Staff,${USERS}`]: 'mail' },
  },
  {
    name: 'attributes of classes',
    access: [
      `to attrs=@inetOrgPerson,entry ${BOSS} read by anonymous auth by * none`,
      'to attrs=!organization by users search by * none',
      CLOSED,
    ],
  },
  {
    name: 'rules that go on, and single privileges',
    access: [
      'to * by users +s continue by * break',
      'to attrs=userPassword by self =xw by anonymous =x by * none',
      'to * by self +rw by * +0',
    ],
  },
  {
    name: 'regular expressions',
    access: [
      LOGIN,
      `to dn.regex="^(uid=[^,]+),ou=Users,dc=example,dc=com$" attrs=telephoneNumber by dn.exact,expand="$1,${USERS}" write by * none`,
      `to dn.regex="^uid=[^,]+,(ou=[^,]+,)?ou=Users,dc=example,dc=com$" by self read by * none`,
      'to dn.one="dc=example,dc=com" by users search by * none',
    ],
  },
  {
    name: 'supertypes and subtrees',
    access: [
      LOGIN,
      'to attrs=name by users search by * none',
      `to dn.children="${USERS}" attrs=mail by self write by users read`,
      'to dn.subtree="dc=example,dc=com" attrs=entry,objectClass by users read',
      CLOSED,
    ],
  },
  { name: 'everybody who writes everything', access: [LOGIN, 'to * by users write by * read'] },
  { name: 'no rules at all', access: [], frontend: [], isBare: true },
  {
    name: 'rules of the frontend alone',
    access: [],
    frontend: [...ROOT_DSE, 'to attrs=userPassword filter=(employeeType=locked) by * none', LOGIN, CLOSED],
  },
  {
    name: 'a rule of the frontend that hides entries',
    access: [],
    frontend: [...ROOT_DSE, LOGIN, 'to filter=(employeeType=locked) by * none', CLOSED],
    conflict: 'employeeType=locked',
  },
  {
    name: 'a rule that refuses the account by its name',
    access: [LOGIN, `to attrs=mail by dn.exact="cn=keystone,${SUFFIX}" none by * read`, READ],
    conflict: 'to attrs=mail',
  },
  {
    name: 'several addresses',
    access: [
      LOGIN,
      `to * ${BOSS} peername.ip=127.0.0.1 read by group.exact="${OPS}" peername.ip=192.0.2.1 read by * none`,
    ],
    conflict: 'peername.ip=192.0.2.1',
  },
  {
    name: 'nobody who logs in',
    access: ['to attrs=userPassword by self write by * none', READ],
    conflict: 'users may not log in',
  },
  {
    name: 'ppolicy',
    access: [
      'to attrs=userPassword filter=(pwdAccountLockedTime=*) by * none',
      LOGIN,
      'to attrs=pwdHistory,pwdFailureTime by * none',
      READ,
    ],
    overlays: {
      modules: ['ppolicy'],
      entries: [
        {
          dn: 'olcOverlay={0}ppolicy,olcDatabase={1}mdb,cn=config',
          attributes: { objectClass: ['olcOverlayConfig', 'olcPPolicyConfig'], olcOverlay: ['{0}ppolicy'] },
        },
      ],
    },
  },
  {
    name: 'limits of its own',
    access: [LOGIN, CLOSED],
    database: { olcLimits: ['{0}users size=1', '{1}* size=2 time=3'] },
  },
];
