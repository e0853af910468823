import { comparable } from '../../directory/comparable.ts';
import { foldCase } from '../../directory/dn.ts';
import { hasObjectClass, valuesOf, type Entry, type NewAttributes } from '../../directory/entry.ts';
import type { Problem } from '../../errors.ts';
import type { DesiredEntry } from '../../identities/entries/desired-entry.ts';
import { isDisabledBy, maskedNumber } from '../../identities/entries/enabled-mask.ts';
import { Secret } from '../../secret.ts';
import {
  MANY_VALUES,
  type AddEntry,
  type Change,
  type ModifyEntry,
  type SetPassword,
  type ValueEdit,
} from '../change.ts';

/** How passwords become values of `userPassword`. */
export interface PasswordPolicy {
  /** The values to store for a clear password. */
  stored(password: Secret): readonly Secret[];
  /** Whether an entry that exists gets the password too. */
  readonly reset: boolean;
  /** Whether the values read from the directory already hold this password. */
  holds(values: readonly string[], password: Secret): boolean;
}

export type EntryDifference = { readonly changes: readonly Change[] } | { readonly problem: Problem };

/**
 * What turns the observed entry into the desired one. An entry that exists is only added to, but for attributes that
 * must have exactly one value, or of which Keystone reads one; one that lacks the marker class, or is called otherwise, is another's and a problem.
 */
export function diffEntry(
  desired: DesiredEntry,
  observed: Entry | undefined,
  policy: PasswordPolicy,
): EntryDifference {
  if (observed === undefined)
    return { changes: desired.onlyIfPresent === true ? [] : [newEntry(desired, policy)] };
  const taken = hasObjectClass(observed, desired.marker)
    ? idTaken(desired, observed)
    : nameTaken(desired, observed);
  if (taken !== undefined) return { problem: { message: taken } };
  const edits = [
    ...Object.entries(desired.exact).map(([attribute, value]) =>
      desired.readFirst.has(attribute)
        ? firstEdit(observed, attribute, value)
        : exactEdit(observed, attribute, withOtherBits(desired, observed, attribute)),
    ),
    ...Object.entries(amongOf(desired)).map(([attribute, values]) =>
      desired.readFirst.has(attribute)
        ? firstEdit(observed, attribute, values[0] ?? '')
        : amongEdit(observed, attribute, values, unwantedIn(desired, attribute)),
    ),
  ].filter((edit) => edit.remove.length + edit.add.length > 0);
  const { label } = desired;
  const modify: ModifyEntry[] =
    edits.length === 0 ? [] : [{ kind: 'modify-entry', dn: observed.dn, label, edits }];
  // The first change alters the entryCSN that a second one could name.
  const [first, ...later] = [...modify, ...passwordChange(desired, observed, policy)];
  const [csn] = valuesOf(observed, 'entryCSN');
  if (first === undefined) return { changes: [] };
  return { changes: [csn === undefined ? first : { ...first, csn }, ...later] };
}

/** The entry as it is written where there is none. */
export function newEntry(
  { dn, label, objectClasses, exact, among, initial, password }: DesiredEntry,
  policy: PasswordPolicy,
): AddEntry {
  const attributes: Record<string, NewAttributes[string]> = { objectClass: objectClasses };
  for (const attribute in exact) attributes[attribute] = [exact[attribute] ?? ''];
  Object.assign(attributes, initial, among);
  if (password !== undefined) attributes['userPassword'] = policy.stored(password);
  return { kind: 'add-entry', dn, label, attributes };
}

/**
 * The value takes the place of the first, which is what Keystone reads. slapd puts new values last, so that those of
 * others are taken out and put in again behind it.
 */
function firstEdit(observed: Entry, attribute: string, value: string): ValueEdit {
  const present = valuesOf(observed, attribute);
  if (present.some((other) => comparable(attribute, other) === comparable(attribute, value)))
    return { attribute, remove: [], add: [] };
  return { attribute, remove: present, add: [value, ...present.slice(1)] };
}

function exactEdit(observed: Entry, attribute: string, value: string): ValueEdit {
  const present = valuesOf(observed, attribute);
  const same = (other: string): boolean => comparable(attribute, other) === comparable(attribute, value);
  return {
    attribute,
    remove: present.filter((other) => !same(other)),
    add: present.some(same) ? [] : [value],
  };
}

/**
 * The wanted value; of a number whose mask says who is disabled, the one that is there with the mask's bits as wanted.
 */
function withOtherBits({ exact, bits }: DesiredEntry, observed: Entry, attribute: string): string {
  const wanted = exact[attribute] ?? '';
  const [present = ''] = valuesOf(observed, attribute);
  const number = maskedNumber(present);
  if (bits?.attribute !== attribute || number === undefined) return wanted;
  const isDisabled = isDisabledBy(number, bits.mask);
  if (isDisabled === isDisabledBy(maskedNumber(wanted), bits.mask)) return present;
  const mask = BigInt(bits.mask);
  return String(isDisabled ? number & ~mask : number | mask);
}

/** What is to be among the values of an entry that exists. */
function amongOf({ among, members }: DesiredEntry): DesiredEntry['among'] {
  if (members?.mode === 'exact') return { [members.attribute]: [], ...among };
  return members?.mode === 'ignore'
    ? Object.fromEntries(Object.entries(among).filter(([attribute]) => attribute !== members.attribute))
    : among;
}

/** Which values are to go, in the form in which they compare. */
function unwantedIn({ among, absent, members }: DesiredEntry, attribute: string): (key: string) => boolean {
  const keys = (values: readonly string[] = []): ReadonlySet<string> =>
    new Set(values.map((value) => comparable(attribute, value)));
  const gone = keys(absent?.[attribute]);
  if (members?.mode !== 'exact' || members.attribute !== attribute) return (key) => gone.has(key);
  const kept = keys([...(among[attribute] ?? []), ...members.spare]);
  return (key) => !kept.has(key);
}

function amongEdit(
  observed: Entry,
  attribute: string,
  values: readonly string[],
  isUnwanted: (key: string) => boolean,
): ValueEdit {
  const present = new Set(valuesOf(observed, attribute).map((value) => comparable(attribute, value)));
  return {
    attribute,
    remove: valuesOf(observed, attribute).filter((value) => isUnwanted(comparable(attribute, value))),
    add: values.filter((value) => !present.has(comparable(attribute, value))),
    ...(present.size >= MANY_VALUES && { isLarge: true }),
  };
}

function passwordChange(
  { label, password, resetPassword }: DesiredEntry,
  observed: Entry,
  policy: PasswordPolicy,
): SetPassword[] {
  if (password === undefined || !(resetPassword ?? policy.reset)) return [];
  const stored = valuesOf(observed, 'userPassword');
  if (policy.holds(stored, password)) return [];
  const from = stored.map((value) => new Secret(value));
  return [{ kind: 'set-password', dn: observed.dn, label, values: policy.stored(password), from }];
}

function nameTaken({ dn, label, marker, exact }: DesiredEntry, observed: Entry): string {
  const classes = valuesOf(observed, 'objectClass').join(', ');
  const differing = Object.entries(exact).flatMap(([attribute, wanted]) => {
    const { add, remove } = exactEdit(observed, attribute, wanted);
    if (add.length + remove.length === 0) return [];
    return [
      `; ${attribute} ${remove.length === 0 ? 'is missing' : `is ${remove.join(', ')}`}, not ${wanted}`,
    ];
  });
  return `${label} cannot be stored as ${dn}: an entry of another kind has this name (objectClass ${classes}; no ${marker}${differing.join('')}).`;
}

/** An id that was given, and by which the directory knows somebody else, who would become the wanted one. */
function idTaken({ dn, label, exact }: DesiredEntry, observed: Entry): string | undefined {
  const [wanted, [present]] = [exact[NAME_ATTRIBUTE], valuesOf(observed, NAME_ATTRIBUTE)];
  if (wanted === undefined || present === undefined || foldCase(wanted) === foldCase(present))
    return undefined;
  return `${label} cannot be stored as ${dn}: this is the entry of ${present}.`;
}

const NAME_ATTRIBUTE = 'keystoneName';
