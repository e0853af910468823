/** What a person of the company may do in its directory, and so in Keystone afterwards. */
export type Standing =
  /** Binds with the right password. */
  | 'works'
  /** Is locked by the password policy: the server refuses the bind. */
  | 'locked'
  /** Has left, which employeeType records; the password still works in the directory. */
  | 'left'
  /** Has no password yet. */
  | 'new';

export interface Person {
  readonly uid: string;
  readonly cn: string;
  /** RDNs between the person and ou=People. */
  readonly unit: string;
  readonly standing: Standing;
  readonly mail: string;
}

const COMPANY_SIZE = 300;

const UNITS = [
  '',
  'ou=Engineering',
  'ou=Storage,ou=Engineering',
  'ou=Sales',
  'ou=日本,ou=Sales',
  'ou=R&D\\, Lab',
];
const NAMES = ['Ana', 'José', 'Örjan', "Siobhán O'Hara", 'Wei', 'Smith, John', 'Amélie (Ops)', 'Ivan + Co'];

function standingOf(at: number): Standing {
  if (at % 25 === 7) return 'locked';
  if (at % 20 === 11) return 'left';
  return at % 50 === 13 ? 'new' : 'works';
}

/** 300 people: 12 locked, 15 who have left, a few without a password, most in units below ou=People. */
export const PEOPLE: readonly Person[] = Array.from({ length: COMPANY_SIZE }, (_, at) => {
  const uid = at === 6 ? 'van.der-berg_6' : `person${at}`;
  return {
    uid,
    cn: `${NAMES[at % NAMES.length] ?? ''} ${at}`,
    unit: UNITS[at % UNITS.length] ?? '',
    standing: standingOf(at),
    mail: `person${at}@example.com`,
  };
});

export const passwordOf = ({ uid }: Person): string => `Pässword of ${uid}`;

/** The groups of the company by name: who has a number that the divisor divides. Some are big, one has nobody. */
export const TEAMS: Readonly<Record<string, readonly Person[]>> = Object.fromEntries([
  ...[1, 2, 3, 7, 50].map((divisor) => [`team${divisor}`, PEOPLE.filter((_, at) => at % divisor === 0)]),
  ['nobody', []],
]) as Readonly<Record<string, readonly Person[]>>;
