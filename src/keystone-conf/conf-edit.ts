import { KeystoneLdapError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { problemAt, type ConfDocument } from './document.ts';
import { findOptions, optionText, optionValue } from './option-value.ts';
import { removeOption, setOption, setOptionText } from './set-option.ts';

/**
 * One option from what it is to what it shall be, both as written (see {@link optionText}); `undefined` is absent.
 * Plain data: the edit of a password has `Secret`s, which JSON shows as `***`.
 */
export type ConfEdit = PlainEdit | SecretEdit;

interface PlainEdit {
  readonly section: string;
  readonly option: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly secret?: never;
}

interface SecretEdit {
  readonly section: string;
  readonly option: string;
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

function applyEdit(doc: ConfDocument, { section, option, to }: ConfEdit): ConfDocument {
  const text = reveal(to);
  return text === undefined ? removeOption(doc, section, option) : setOptionText(doc, section, option, text);
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
