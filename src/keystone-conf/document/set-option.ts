import { KeystoneLdapError } from '../../errors.ts';
import { closeLines, decodeText, encodeText, lineEndNear, strip, type ConfLine } from './conf-line.ts';
import { lastLine, withLines, type ConfDocument, type ConfOption } from './document.ts';
import { insertionPlace } from './insertion-place.ts';
import { findOptions, optionText, optionValue, writtenValue } from './option-value.ts';

/**
 * The document in which {@link optionValue} gives `value`; no other byte changes.
 * @throws `INPUT_INVALID` where the value has a line break or NUL, or the parser would read something else
 */
export function setOption(doc: ConfDocument, section: string, option: string, value: string): ConfDocument {
  if (/[\r\n\0]/.test(value)) throw unwritable(section, option, 'it holds a line break or NUL');
  const changed = setOptionText(doc, section, option, value);
  if (optionValue(changed, section, option) === value) return changed;
  throw unwritable(section, option, "Keystone's parser would read something else");
}

/**
 * The document in which {@link optionText} gives `text`, which may have further, indented lines.
 * @throws `INPUT_INVALID` where the text would not be the value of just this option
 */
export function setOptionText(
  doc: ConfDocument,
  section: string,
  option: string,
  text: string,
): ConfDocument {
  if (/[\r\0]/.test(text)) throw unwritable(section, option, 'it holds a carriage return or NUL');
  const existing = findOptions(doc, section, option).at(-1);
  const lines =
    existing === undefined ? insertOption(doc, section, option, text) : replaceValue(doc, existing, text);
  const changed = withLines(doc, lines);
  if (changed.problems.length === 0 && optionText(changed, section, option) === text) return changed;
  throw unwritable(section, option, "Keystone's parser would read something else");
}

/**
 * The document without any occurrence of the option; a section that it leaves empty stays.
 * @throws `CONF_INVALID`
 */
export function removeOption(doc: ConfDocument, section: string, option: string): ConfDocument {
  const gone = new Set(
    findOptions(doc, section, option).flatMap(({ line, continuations }) => [line, ...continuations]),
  );
  const kept = doc.lines.filter((_, at) => !gone.has(at));
  return withLines(doc, closeLines(kept, '\n', doc.lines.at(-1)?.end === ''));
}

function insertOption(doc: ConfDocument, section: string, option: string, text: string): readonly ConfLine[] {
  const { at, above, lead } = insertionPlace(doc, section, option);
  const end = lineEndNear(doc.lines, at);
  const inserted = [...above, ...`${lead}${encodeText(text)}`.split('\n')].map((line) => ({
    text: line,
    end,
  }));
  const lines = [...doc.lines.slice(0, at), ...inserted, ...doc.lines.slice(at)];
  return closeLines(lines, end, doc.lines.at(-1)?.end === '');
}

function replaceValue(doc: ConfDocument, option: ConfOption, text: string): readonly ConfLine[] {
  const afterValue = lastLine(option) + 1;
  const old = doc.lines.slice(option.line, afterValue);
  const written = writtenValue(doc, option);
  const oldLines = written.text.split('\n').map((line, at) => ({ text: line, end: old[at]?.end ?? '' }));
  const [first = { text: '', end: '' }, ...further] = text
    .split('\n')
    .map((line) => oldLines.find((same) => decodeText(same.text) === line) ?? encodeLine(line));
  const head = headOf(old[0]?.text.slice(0, option.valueColumn) ?? '', oldLines[0]?.text ?? '');
  const fresh = withTail([{ text: head + first.text, end: old[0]?.end ?? '' }, ...further], written.tail);
  // A value that becomes one line leaves the comments that stood between its lines where they are.
  const isGap = (line: number) => line > option.line && !option.continuations.includes(line);
  const gaps = further.length > 0 ? [] : old.filter((_, at) => isGap(option.line + at));
  const endsFile = afterValue === doc.lines.length && doc.lines.at(-1)?.end === '';
  return [
    ...doc.lines.slice(0, option.line),
    ...closeLines([...fresh, ...gaps], lineEndNear(doc.lines, option.line + 1), endsFile),
    ...doc.lines.slice(afterValue),
  ];
}

/** The option and its separator; an empty value may have left out the blank that one expects after ` =`. */
function headOf(written: string, oldValue: string): string {
  return oldValue === '' && /[ \t][:=]$/.test(written) ? `${written} ` : written;
}

/** Puts back what followed the value on its last line: an inline comment only where it still is one. */
function withTail(lines: readonly ConfLine[], tail: string): readonly ConfLine[] {
  const last = lines.at(-1);
  if (last === undefined || (lines.length > 1 && strip(tail) !== '')) return lines;
  return [...lines.slice(0, -1), { text: last.text + tail, end: last.end }];
}

/** @throws `INPUT_INVALID` for U+FFFD: the bytes it stands for are lost */
function encodeLine(line: string): ConfLine {
  if (!line.includes('\uFFFD')) return { text: encodeText(line), end: '' };
  throw new KeystoneLdapError('INPUT_INVALID', 'A line to be changed holds bytes that are no UTF-8.', {
    hint: 'Fix that line by hand first.',
  });
}

function unwritable(section: string, option: string, why: string): KeystoneLdapError {
  return new KeystoneLdapError(
    'INPUT_INVALID',
    `[${section}] ${option} cannot be set to this value: ${why}.`,
  );
}
