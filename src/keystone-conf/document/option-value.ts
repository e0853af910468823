import { KeystoneLdapError } from '../../errors.ts';
import type { ConfDialect } from './conf-dialect.ts';
import { isText, strip, stripEnd, decodeText } from './conf-line.ts';
import {
  lastLine,
  optionKey,
  problemAt,
  requireMeaning,
  type ConfDocument,
  type ConfOption,
  type ConfSection,
} from './document.ts';

/** Names in file order, each once. @throws `CONF_INVALID` */
export function sectionNames(doc: ConfDocument): readonly string[] {
  requireMeaning(doc);
  return [...new Set(doc.sections.map(({ name }) => name))];
}

/** @throws `CONF_INVALID` */
export function hasSection(doc: ConfDocument, section: string): boolean {
  return sectionNames(doc).includes(section);
}

/** The value that wins, which is the last one; lines are joined by `\n`. @throws `CONF_INVALID` */
export function optionValue(doc: ConfDocument, section: string, option: string): string | undefined {
  return optionValues(doc, section, option).at(-1);
}

/** The values of all occurrences in file order. @throws `CONF_INVALID` */
export function optionValues(doc: ConfDocument, section: string, option: string): readonly string[] {
  return readOptions(doc, section, option).map((found) => valueOf(doc, found));
}

/**
 * The winning value as it is written, from its first character to its last: with the indentation of further lines
 * and the comments between them; lines are joined by `\n` whatever their real ends. @throws `CONF_INVALID`
 */
export function optionText(doc: ConfDocument, section: string, option: string): string | undefined {
  const found = findOptions(doc, section, option).at(-1);
  if (found === undefined) return undefined;
  requireText(doc, found);
  return decodeText(writtenValue(doc, found).text);
}

/** A replaced character would be another name or password than Keystone's. @throws `CONF_INVALID` */
function requireText(doc: ConfDocument, { name, line, continuations }: ConfOption): void {
  const bad = [line, ...continuations].find((at) => !isText(doc.lines[at]?.text ?? ''));
  if (bad === undefined) return;
  throw new KeystoneLdapError('CONF_INVALID', `The value of ${name} is not UTF-8 text.`, {
    problems: [problemAt(doc, bad, 'a byte in this line is not UTF-8')],
    hint: 'Correct the line by hand; Keystone on Python 3 does not start with it.',
  });
}

/** The value as written, and what follows it on its last line: blanks, an inline comment. Both in latin1. */
export function writtenValue(doc: ConfDocument, option: ConfOption): { text: string; tail: string } {
  const [first = '', ...further] = doc.lines.slice(option.line, lastLine(option) + 1).map(({ text }) => text);
  const start = first.slice(option.valueColumn);
  const whole = [start, ...further].join('\n');
  const text = further.length === 0 ? firstValue(doc, option) : stripEnd(whole);
  return { text, tail: whole.slice(text.length) };
}

/** All occurrences in file order. @throws `CONF_INVALID` */
export function findOptions(doc: ConfDocument, section: string, option: string): readonly ConfOption[] {
  requireMeaning(doc);
  return indexOf(doc).get(section)?.get(optionKey(doc.dialect, option)) ?? [];
}

export const DEFAULT_SECTION = 'DEFAULT';

/** The occurrences that the parser reads: those of `[DEFAULT]` where it passes them on. @throws `CONF_INVALID` */
export function readOptions(doc: ConfDocument, section: string, option: string): readonly ConfOption[] {
  const own = findOptions(doc, section, option);
  const inherits = doc.dialect.inheritsDefaults && doc.sections.some(({ name }) => name === section);
  return own.length === 0 && inherits ? findOptions(doc, DEFAULT_SECTION, option) : own;
}

type Index = ReadonlyMap<string, ReadonlyMap<string, readonly ConfOption[]>>;

/** Documents do not change, and are asked for many options. */
const INDICES = new WeakMap<ConfDocument, Index>();

function indexOf(doc: ConfDocument): Index {
  const known = INDICES.get(doc);
  if (known !== undefined) return known;
  const index = new Map<string, Map<string, ConfOption[]>>();
  for (const { name, options } of doc.sections) {
    const section = index.get(name) ?? new Map<string, ConfOption[]>();
    index.set(name, section);
    for (const option of options) {
      const found = section.get(option.name);
      if (found === undefined) section.set(option.name, [option]);
      else found.push(option);
    }
  }
  INDICES.set(doc, index);
  return index;
}

/** Every block that opens the section, in file order. @throws `CONF_INVALID` */
export function blocksOf(doc: ConfDocument, section: string): readonly ConfSection[] {
  requireMeaning(doc);
  return doc.sections.filter(({ name }) => name === section);
}

function valueOf(doc: ConfDocument, option: ConfOption): string {
  requireText(doc, option);
  const first = withoutQuotes(firstValue(doc, option), doc.dialect);
  const further = option.continuations.map((at) => strip(doc.lines[at]?.text ?? ''));
  return decodeText([first, ...further].join('\n'));
}

/** The part of the value on the option's own line, in latin1 and with its quotes. */
export function firstValue(doc: ConfDocument, option: ConfOption): string {
  const line = doc.lines[option.line];
  const written = line?.text.slice(option.valueColumn) ?? '';
  const comment = doc.dialect.inlineComments ? inlineComment(written, line?.end === '\r\n') : undefined;
  return stripEnd(written.slice(0, comment));
}

/**
 * Where an inline comment starts. ConfigParser looks at the character before the first `;`; where there is none,
 * Python's index -1 makes that the last character of the line, which is a carriage return in a file with CRLF.
 */
function inlineComment(written: string, carriageReturn: boolean): number | undefined {
  const at = written.indexOf(';');
  if (at < 0) return undefined;
  const before = at > 0 ? written.charAt(at - 1) : carriageReturn ? '\r' : written.slice(-1);
  return strip(before) === '' ? at : undefined;
}

export function withoutQuotes(value: string, dialect: ConfDialect): string {
  if (dialect.dropsQuotes === 'of the empty value') return value === '""' ? '' : value;
  const quoted = value.length > 0 && /^(["'])/.test(value) && value.at(-1) === value.charAt(0);
  return quoted ? value.slice(1, -1) : value;
}
