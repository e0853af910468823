/** Why a question has no answer. */
export interface Fault {
  readonly fault: string;
}

/** `beyond`: what a driver without the rest of Keystone does not come to; test/twin/system asks about it. */
export type LoginOutcome = 'in' | 'refused' | 'beyond' | Fault;

export type Login = readonly [name: string, password: string];

export interface AnsweredUser {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean | string;
}

export interface AnsweredGroup {
  readonly id: string;
  readonly name: string;
}

/** What Keystone, or this tool, says of one case; ids are those of the directory. */
export interface Answer {
  readonly start: 'yes' | Fault;
  readonly users?: readonly AnsweredUser[] | Fault;
  readonly groups?: readonly AnsweredGroup[] | Fault;
  /** Ids of users, by the id of the group. */
  readonly members?: Readonly<Record<string, readonly string[] | Fault>>;
  /** Ids of groups, by the id of the user. */
  readonly groupsOf?: Readonly<Record<string, readonly string[] | Fault>>;
  readonly logins?: readonly LoginOutcome[];
}

export interface Difference {
  readonly question: string;
  readonly keystone: unknown;
  readonly ours: unknown;
}

/** Where the answers differ. Two faults are the same answer: what is said of them is not compared. */
export function differences(keystone: Answer, ours: Answer): readonly Difference[] {
  const found: Difference[] = [];
  const compare = (question: string, theirs: unknown, mine: unknown): void => {
    if (isFault(theirs) && isFault(mine)) return;
    if (JSON.stringify(theirs) !== JSON.stringify(mine))
      found.push({ question, keystone: theirs, ours: mine });
  };
  compare('start', keystone.start, ours.start);
  if (found.length > 0) return found;
  compare('users', sorted(keystone.users), sorted(ours.users));
  compare('groups', sorted(keystone.groups), sorted(ours.groups));
  // Who is not listed by both is asked about by one of them only.
  for (const question of ['members', 'groupsOf'] as const)
    for (const [id, theirs] of Object.entries(keystone[question] ?? {})) {
      const mine = ours[question]?.[id];
      if (mine !== undefined) compare(`${question} ${id}`, sorted(theirs), sorted(mine));
    }
  for (const [index, theirs] of (keystone.logins ?? []).entries())
    if (ours.logins?.[index] !== 'beyond') compare(`login ${index}`, theirs, ours.logins?.[index]);
  return found;
}

/** Pages change the order in which the server answers, and nobody promises one. */
function sorted(answer: unknown): unknown {
  if (!Array.isArray(answer)) return answer;
  return answer.map((one) => JSON.stringify(one)).toSorted();
}

export function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'fault' in value;
}
