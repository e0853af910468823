import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { commentOutOption } from './comment-out-option.ts';
import { problemAt, type ConfDocument } from './document.ts';
import { findOptions, optionText, optionValue } from './option-value.ts';
import { renameOption } from './rename-option.ts';
import { removeOption, setOption, setOptionText } from './set-option.ts';

/**
 * One option from what it is to what it shall be, both as written (see {@link optionText}); `undefined` is absent.
 * Plain data: the edit of a password has `Secret`s, which JSON shows as `***`.
 */
export type ConfEdit = PlainEdit | SecretEdit;

interface EditedOption {
  readonly section: string;
  readonly option: string;
  /** The option goes on under this name, in the same place. */
  readonly newName?: string;
  /** The option goes, and its lines stay as comments below this one. */
  readonly note?: string;
}

interface PlainEdit extends EditedOption {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly secret?: never;
}

interface SecretEdit extends EditedOption {
  readonly from: Secret | undefined;
  readonly to: Secret | undefined;
  readonly secret: true;
}

/**
 * The edit that gives the option this value, `undefined` where it has it already.
 * @throws `INPUT_INVALID` where the parser would read something else, `CONF_INVALID`
 */
export function optionEdit(
  doc: ConfDocument,
  section: string,
  option: string,
  value: string | Secret,
): ConfEdit | undefined {
  const plain = reveal(value);
  if (optionValue(doc, section, option) === plain) return undefined;
  setOption(doc, section, option, plain); // only for its check of the value
  const from = optionText(doc, section, option);
  if (typeof value === 'string') return { section, option, from, to: value };
  return {
    section,
    option,
    from: from === undefined ? undefined : new Secret(from),
    to: value,
    secret: true,
  };
}

/**
 * The document with all edits made.
 * @throws `STALE_PLAN` where an option is no longer what an edit replaces, `CONF_INVALID`, `INPUT_INVALID`
 */
export function applyEdits(doc: ConfDocument, edits: readonly ConfEdit[]): ConfDocument {
  const stale = edits.filter((edit) => optionText(doc, edit.section, edit.option) !== reveal(edit.from));
  if (stale.length > 0) throw stalePlan(doc, stale);
  return edits.reduce(applyEdit, doc);
}

/** One list of both: an option that the first ones rename and the second ones set gets its new value with its name. */
export function joinEdits(first: readonly ConfEdit[], second: readonly ConfEdit[]): readonly ConfEdit[] {
  const isOf = (renamed: ConfEdit) => (next: ConfEdit) =>
    next.section === renamed.section && next.option === renamed.newName;
  const joined = first.map((edit): ConfEdit => {
    const next = second.find(isOf(edit));
    return next === undefined
      ? edit
      : ({ ...next, option: edit.option, from: edit.from, newName: next.option } as ConfEdit);
  });
  return [...joined, ...second.filter((next) => !first.some((edit) => isOf(edit)(next)))];
}

function applyEdit(doc: ConfDocument, { section, option, to, newName, note }: ConfEdit): ConfDocument {
  const text = reveal(to);
  if (text === undefined)
    return note === undefined
      ? removeOption(doc, section, option)
      : commentOutOption(doc, section, option, note);
  const name = newName ?? option;
  const renamed = name === option ? doc : renameOption(doc, section, option, name);
  return setOptionText(renamed, section, name, text);
}

function reveal(value: string | Secret): string;
function reveal(value: string | Secret | undefined): string | undefined;
function reveal(value: string | Secret | undefined): string | undefined {
  return value instanceof Secret ? value.reveal() : value;
}

function stalePlan(doc: ConfDocument, stale: readonly ConfEdit[]): KeystoneLdapError {
  const problems = stale.map(({ section, option }) =>
    problemAt(
      doc,
      findOptions(doc, section, option).at(-1)?.line,
      `[${section}] ${option} is no longer what it was when the change was planned.`,
    ),
  );
  return new KeystoneLdapError(
    'STALE_PLAN',
    `${doc.file ?? 'The configuration'} has changed since the plan was made.`,
    { problems, hint: 'Run the command again: it plans anew.' },
  );
}
