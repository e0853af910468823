import { comparable } from '../directory/comparable.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { withoutIndex } from '../plan/access/access-rule.ts';
import type { ValueEdit } from '../plan/change.ts';
import { Secret } from '../secret.ts';
import { entryDigest, isAsMade } from './entry-digest.ts';
import { heldAttributes } from './held-attributes.ts';
import type {
  AddedEntry,
  ChangedSchema,
  DeletedEntry,
  EditedEntry,
  JournalRecord,
  ReplacedPassword,
  WrittenFile,
} from './journal.ts';
import { passwordDigest } from './password-mark.ts';
import { csnOf, type UndoneDirectory } from './undone-directory.ts';

/** Plans what takes one change back, after all later ones of its run. */
export function takeBack(record: Exclude<JournalRecord, WrittenFile>, state: UndoneDirectory): void {
  switch (record.kind) {
    case 'add-entry':
      takeAway(record, state);
      return;
    case 'modify-entry':
    case 'modify-config':
      editBack(record, state);
      return;
    case 'set-password':
      putPasswordBack(record, state);
      return;
    case 'delete-entry':
      makeAgain(record, state);
      return;
    case 'add-schema':
    case 'modify-schema':
      keepSchema(record, state);
      return;
    default:
      record satisfies never;
  }
}

function takeAway({ dn, label, sha256 }: AddedEntry, state: UndoneDirectory): void {
  const entry = state.entry(dn);
  if (entry === undefined) state.miss(dn);
  else if (!isAsMade(entry, sha256)) state.refuse(`${dn} (${label}) is not as it was made`);
  else
    state.plan(
      { kind: 'delete-entry', dn: entry.dn, label, attributes: heldAttributes(entry), ...csnOf(entry) },
      undefined,
    );
}

function editBack({ kind, dn, label, edits }: EditedEntry, state: UndoneDirectory): void {
  const entry = state.entry(dn);
  if (entry === undefined) {
    state.miss(dn);
    return;
  }
  const reversed = edits.map((edit) => reverse(edit, entry));
  if (reversed.every((one) => one === 'not made')) return;
  const back = reversed.filter((one) => typeof one !== 'string');
  if (back.length < edits.length) {
    const names = edits
      .filter((_, index) => typeof reversed[index] === 'string')
      .map(({ attribute }) => attribute);
    state.refuse(`${dn} (${label}) has other values of ${[...new Set(names)].join(', ')} than it was given`);
    return;
  }
  const csn = kind === 'modify-entry' ? csnOf(entry) : {};
  state.plan({ kind, dn: entry.dn, label, edits: back, ...csn }, edited(entry, back));
}

/** A Modify is made as a whole: all its values are as they were given, or all are as they were before. */
function reverse({ attribute, remove, add }: ValueEdit, entry: Entry): ValueEdit | 'not made' | 'changed' {
  const present = valuesOf(entry, attribute);
  const find = (value: string): string | undefined =>
    present.find((other) => bare(attribute, other) === bare(attribute, value));
  // What was taken out only to be put in again elsewhere tells nothing.
  const [old, given] = [without(remove, add).map(find), without(add, remove).map(find)];
  const isAll = (values: readonly (string | undefined)[]): boolean =>
    values.every((one) => one !== undefined);
  const isNone = (values: readonly (string | undefined)[]): boolean =>
    values.every((one) => one === undefined);
  if (isAll(given) && isNone(old))
    return {
      attribute,
      remove: add.map(find).filter((value) => value !== undefined),
      add: remove.filter((value) => !add.includes(value) || find(value) !== undefined),
    };
  return isNone(given) && isAll(old) ? 'not made' : 'changed';
}

function without(values: readonly string[], others: readonly string[]): readonly string[] {
  return values.filter((value) => !others.includes(value));
}

/** Other rules may have come before ours in the meantime, which moves its `{n}` only. */
function bare(attribute: string, value: string): string {
  return ORDERED.has(attribute) ? withoutIndex(value) : comparable(attribute, value);
}

const ORDERED = new Set(['olcAccess', 'olcLimits']);

function putPasswordBack(record: ReplacedPassword, state: UndoneDirectory): void {
  const { dn, label, sha256, before, from } = record;
  const entry = state.entry(dn);
  const values = entry === undefined ? [] : valuesOf(entry, 'userPassword');
  const digest = passwordDigest(values);
  if (entry === undefined) state.miss(dn);
  else if (digest === sha256 && from === undefined)
    state.leave(
      `${dn} keeps its new password: the one before was stored in clear text, which no journal holds.`,
    );
  else if (digest === sha256 && from !== undefined) {
    const change = {
      kind: 'set-password',
      dn: entry.dn,
      label,
      values: secrets(from),
      from: secrets(values),
    } as const;
    state.plan({ ...change, ...csnOf(entry) }, withValues(entry, 'userPassword', from));
  } else if (digest !== before) state.refuse(`${dn} (${label}) has another password than it was given`);
}

function makeAgain(record: DeletedEntry, state: UndoneDirectory): void {
  const { dn, label, attributes, hadClearPassword, listedIn } = record;
  const entry = state.entry(dn);
  if (entry !== undefined) {
    if (entryDigest(dn, entry.attributes) !== entryDigest(dn, attributes) && hadClearPassword !== true)
      state.refuse(`${dn} (${label}) was taken away, and another entry has its name now`);
    return;
  }
  if (hadClearPassword === true)
    state.leave(`${dn} comes back without its password, which was stored in clear text.`);
  const again = { dn, attributes };
  const change = { kind: 'add-entry', label, dn, attributes: heldAttributes(again) } as const;
  state.plan({ ...change, ...(listedIn !== undefined && { listedIn }) }, again);
}

function keepSchema({ dn, kind }: ChangedSchema, state: UndoneDirectory): void {
  state.leave(
    kind === 'add-schema'
      ? `The schema ${dn} stays: slapd takes no schema entry away (unwillingToPerform, 53).`
      : `The definitions in ${dn} stay as they are: entries made since may need them.`,
  );
}

function secrets(values: readonly string[]): readonly Secret[] {
  return values.map((value) => new Secret(value));
}

function edited(entry: Entry, edits: readonly ValueEdit[]): Entry {
  return edits.reduce(
    (before, { attribute, remove, add }) =>
      withValues(before, attribute, [
        ...valuesOf(before, attribute).filter((value) => !remove.includes(value)),
        ...add,
      ]),
    entry,
  );
}

/** The entry with other values; it is only thought of, so it has no `entryCSN`. */
function withValues({ dn, attributes }: Entry, attribute: string, values: readonly string[]): Entry {
  const others = Object.entries(attributes).filter(
    ([name]) => ![attribute.toLowerCase(), 'entrycsn'].includes(name.toLowerCase()),
  );
  return {
    dn,
    attributes: Object.fromEntries(values.length === 0 ? others : [...others, [attribute, values]]),
  };
}
