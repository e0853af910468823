import { isDeepStrictEqual } from 'node:util';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import { maskedLines } from '../keystone-conf/document/masked-lines.ts';
import { hashOf } from '../hash-of.ts';
import type { Change } from '../plan/change.ts';
import type { FilePlan } from '../plan/conf/conf-plan.ts';

/**
 * A plan in a file: what was to be done, and digests of what it rests on. It holds no secret, so that it is not carried
 * out itself: the plan is made anew and must come out the same.
 */
export interface SavedPlan {
  readonly keystoneLdapPlan: 1;
  /** The configuration file, to be read again. */
  readonly configFile: string;
  /** The flags that were given beside it. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly made: PlanFacts;
}

/** What must be the same when the plan is carried out. */
export interface PlanFacts {
  /** Where it is to be carried out: the server, who writes, the release and its trees. */
  readonly target: Readonly<Record<string, unknown>>;
  /** Of all that was declared but for secrets. */
  readonly declaration: string;
  readonly changes: readonly Change[];
  readonly files: readonly FileFacts[];
  /** Of users that are too many to have their changes listed. */
  readonly users?: UserFacts;
}

/** Digests of the files that the users are in, and of what is to be done about each. */
export interface UserFacts {
  readonly files: string;
  readonly changes: string;
}

interface FileFacts {
  readonly path: string;
  /** Of the file as it was, but for passwords. */
  readonly before: string;
  readonly edits: FilePlan['edits'];
}

export function fileFacts({ path, before, bytes, edits }: FilePlan): FileFacts {
  return { path, before: bytes === undefined ? 'absent' : digest(maskedLines(before)), edits };
}

/** Of a value as JSON, where secrets are all the same; where in a file it was said does not count. */
export function digest(value: unknown): string {
  const text = JSON.stringify(value, (key, inner: unknown) => (PLACES.has(key) ? undefined : inner));
  return hashOf('sha256', text);
}

const PLACES = new Set(['source', 'at']);

/**
 * The text of a file as a saved plan; `undefined` if it is something else.
 * @throws `INPUT_INVALID` for a plan that is cut off, damaged, or of another version
 */
export function parseSavedPlan(text: string, file: string): SavedPlan | undefined {
  if (!PLAN.test(text)) return undefined;
  const plan = parsed(text);
  if (isSavedPlan(plan)) return plan;
  throw new KeystoneLdapError(
    'INPUT_INVALID',
    `${file} is a plan that is damaged or of another version of keystone-ldap; nothing was written.`,
    { hint: 'Make it again with "keystone-ldap plan --out", and review it.' },
  );
}

/** How every plan begins, however much of it is left. */
const PLAN = /^\s*\{\s*"keystoneLdapPlan"/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSavedPlan(value: unknown): value is SavedPlan {
  if (!isObject(value) || value['keystoneLdapPlan'] !== 1 || typeof value['configFile'] !== 'string')
    return false;
  const { flags, ids, made } = value;
  return (
    isObject(flags) &&
    isObject(ids) &&
    isObject(made) &&
    isObject(made['target']) &&
    typeof made['declaration'] === 'string' &&
    isListOf(made['changes'], ['kind', 'dn', 'label']) &&
    isListOf(made['files'], ['path', 'before']) &&
    (made['users'] === undefined || isObject(made['users']))
  );
}

function isListOf(value: unknown, texts: readonly string[]): boolean {
  const isItem = (item: unknown): boolean =>
    isObject(item) && texts.every((name) => typeof item[name] === 'string');
  return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @throws `STALE_PLAN` naming the first differences between the saved plan and the one made anew
 */
export function requireSamePlan(saved: PlanFacts, now: PlanFacts, file: string): void {
  const problems = differences(saved, JSON.parse(JSON.stringify(now)) as PlanFacts);
  if (problems.length === 0) return;
  const more = problems.length - NAMED;
  throw new KeystoneLdapError(
    'STALE_PLAN',
    `${file} is stale: the system has changed since it was made; nothing was written.`,
    {
      problems: [
        ...problems.slice(0, NAMED),
        ...(more > 0 ? [{ message: `and ${more} more differences` }] : []),
      ],
      hint: 'Run "plan --out" again and review it.',
    },
  );
}

/** How many differences are told. */
const NAMED = 5;

function differences(saved: PlanFacts, now: PlanFacts): readonly Problem[] {
  const found = [
    ...Object.entries(saved.target).flatMap(([name, value]) =>
      isDeepStrictEqual(value, now.target[name])
        ? []
        : [`${name} was ${text(value)}, and is ${text(now.target[name])}`],
    ),
    ...changeDifferences(saved.changes, now.changes),
    ...userDifferences(saved.users, now.users),
    ...fileDifferences(saved.files, now.files),
  ];
  if (found.length === 0 && saved.declaration !== now.declaration) found.push('what is declared has changed');
  return found.map((message) => ({ message }));
}

function userDifferences(saved: UserFacts | undefined, now: UserFacts | undefined): readonly string[] {
  if (saved?.files !== now?.files) return ['the users of CSV and LDIF files are others'];
  if (saved?.changes === now?.changes) return [];
  return ['what is to be done about the users of CSV and LDIF files is something else'];
}

function fileDifferences(saved: readonly FileFacts[], now: readonly FileFacts[]): readonly string[] {
  const found: string[] = [];
  for (const file of saved) {
    const other = now.find(({ path }) => path === file.path);
    if (other === undefined) found.push(`${file.path} no longer needs an edit`);
    else if (other.before !== file.before) found.push(`${file.path} has changed`);
    else if (!isDeepStrictEqual(other.edits, file.edits)) found.push(`the edit of ${file.path} differs`);
  }
  const others = now.filter(({ path }) => !saved.some((file) => file.path === path));
  return [...found, ...others.map(({ path }) => `${path} is to be edited too`)];
}

function changeDifferences(saved: readonly Change[], now: readonly Change[]): readonly string[] {
  const byKey = (changes: readonly Change[]): ReadonlyMap<string, Change> =>
    new Map(changes.map((change) => [`${change.kind} ${change.dn}`, change]));
  const [before, after] = [byKey(saved), byKey(now)];
  const named = ({ dn, label }: Change): string => `${dn} (${label})`;
  const gone = saved.filter(({ kind, dn }) => !after.has(`${kind} ${dn}`));
  const fresh = now.filter(({ kind, dn }) => !before.has(`${kind} ${dn}`));
  const other = now.filter((change) => {
    const then = before.get(`${change.kind} ${change.dn}`);
    return then !== undefined && !isDeepStrictEqual(then, change);
  });
  return [
    ...gone.map(
      (change) => `${named(change)}: ${WORDS[change.kind]} was planned and is not needed or not possible now`,
    ),
    ...fresh.map((change) => `${named(change)}: ${WORDS[change.kind]} was not planned`),
    ...other.map((change) => `${named(change)} is not as it was`),
  ];
}

const WORDS: Readonly<Record<Change['kind'], string>> = {
  'add-schema': 'adding it',
  'modify-schema': 'changing it',
  'modify-config': 'changing it',
  'add-entry': 'adding it',
  'modify-entry': 'changing it',
  'set-password': 'setting its password',
  'delete-entry': 'deleting it',
};

function text(value: unknown): string {
  if (value === undefined) return 'not there';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
