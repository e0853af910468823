import { KeystoneLdapError, type Problem } from '../../errors.ts';
import { PYTHON_2, type ConfDialect } from './conf-dialect.ts';
import { BLANK, decodeText, joinLines, splitLines, strip, stripEnd, type ConfLine } from './conf-line.ts';

/** An INI file with every byte in its place. `sections` says what the lines mean; all indices are into `lines`. */
export interface ConfDocument {
  readonly file: string | undefined;
  readonly dialect: ConfDialect;
  readonly lines: readonly ConfLine[];
  /** In file order; a section that is opened twice is here twice. */
  readonly sections: readonly ConfSection[];
  /** Lines at which the parser of this dialect would give up. */
  readonly problems: readonly Problem[];
  /** Where the lines of each file begin, of several files that are read as one. */
  readonly parts?: readonly ConfPart[];
}

export interface ConfPart {
  readonly file: string | undefined;
  readonly start: number;
}

export interface ConfSection {
  readonly name: string;
  readonly header: number;
  /** The line after the section's last one. */
  readonly end: number;
  readonly options: readonly ConfOption[];
}

export interface ConfOption {
  /** As the dialect compares it. */
  readonly name: string;
  readonly line: number;
  /** Where the value starts on `line`. */
  readonly valueColumn: number;
  /** The indented lines that carry the value on; blank lines and comments may stand between them. */
  readonly continuations: readonly number[];
}

/** Never fails: {@link formatConf} gives back the same bytes, and lines without a meaning are `problems`. */
export function parseConf(bytes: Buffer, file?: string, dialect: ConfDialect = PYTHON_2): ConfDocument {
  return documentOf(splitLines(bytes.toString('latin1')), file, dialect);
}

export function formatConf(doc: ConfDocument): Buffer {
  return Buffer.from(joinLines(doc.lines), 'latin1');
}

/** The document with other lines, read anew. */
export function withLines(doc: ConfDocument, lines: readonly ConfLine[]): ConfDocument {
  return documentOf(splitLines(joinLines(lines)), doc.file, doc.dialect);
}

/** @throws `CONF_INVALID` with every line that Keystone's parser would stumble over */
export function requireMeaning(doc: ConfDocument): void {
  if (doc.problems.length === 0) return;
  const count = doc.problems.length === 1 ? 'a line' : `${doc.problems.length} lines`;
  throw new KeystoneLdapError(
    'CONF_INVALID',
    `${doc.file ?? 'The configuration'} has ${count} that Keystone cannot read.`,
    { problems: doc.problems, hint: 'Fix the file by hand first; Keystone would not start with it.' },
  );
}

/** A problem of the file at the line with this index, if any. */
export function problemAt(doc: ConfDocument, line: number | undefined, message: string): Problem {
  const place = line === undefined ? { file: doc.file } : placeOf(doc, line);
  return {
    message,
    ...(place.file === undefined ? {} : { file: place.file }),
    ...('line' in place ? { line: place.line } : {}),
  };
}

/** The file that the line with this index is in, and its number there, which counts from 1. */
export function placeOf(
  { file, parts }: ConfDocument,
  line: number,
): { readonly file: string | undefined; readonly line: number } {
  const part = parts?.findLast(({ start }) => start <= line) ?? { file, start: 0 };
  return { file: part.file, line: line - part.start + 1 };
}

/** Which of several files the line with this index is in. */
export function partAt({ parts = [] }: ConfDocument, line: number): number {
  return parts.findLastIndex(({ start }) => start <= line);
}

export function optionKey(dialect: ConfDialect, option: string): string {
  return dialect.foldsOptionNames ? option.toLowerCase() : option;
}

/** The last line that carries the option's value. */
export function lastLine(option: ConfOption): number {
  return option.continuations.at(-1) ?? option.line;
}

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'; // EF BB BF in latin1
const INDENTED = new RegExp(`^${BLANK}`);

interface OpenOption extends ConfOption {
  readonly continuations: number[];
}

interface OpenSection extends ConfSection {
  end: number;
  readonly options: OpenOption[];
}

interface Scan {
  readonly dialect: ConfDialect;
  readonly sections: OpenSection[];
  readonly faults: { readonly line: number; readonly message: string }[];
  /** The option that an indented line would continue. */
  option: OpenOption | undefined;
}

function documentOf(
  lines: readonly ConfLine[],
  file: string | undefined,
  dialect: ConfDialect,
): ConfDocument {
  const scan: Scan = { dialect, sections: [], faults: [], option: undefined };
  lines.forEach(({ text }, at) => {
    const marked = at === 0 && text.startsWith(BYTE_ORDER_MARK);
    if (marked) scan.faults.push({ line: at, message: 'A byte order mark stands before the text.' });
    scanLine(scan, marked ? text.slice(BYTE_ORDER_MARK.length) : text, at);
  });
  const { sections, faults } = scan;
  const bare: ConfDocument = { file, dialect, lines, sections, problems: [] };
  return { ...bare, problems: faults.map(({ line, message }) => problemAt(bare, line, message)) };
}

function scanLine(scan: Scan, text: string, at: number): void {
  const { dialect } = scan;
  const section = scan.sections.at(-1);
  const blank = strip(text) === '';
  if (!blank && INDENTED.test(text) && scan.option !== undefined) {
    scan.option.continuations.push(at);
  } else if (blank || dialect.comment.test(text)) {
    if (!dialect.continuesAcrossGaps) scan.option = undefined;
  } else if (dialect.header.test(text)) {
    openSection(scan, text, at);
  } else if (section === undefined) {
    scan.faults.push({ line: at, message: 'This line stands before the first [section].' });
  } else {
    openOption(scan, section, text, at);
  }
  const open = scan.sections.at(-1);
  if (open !== undefined) open.end = at + 1;
}

function openSection(scan: Scan, text: string, at: number): void {
  const name = decodeText(scan.dialect.header.exec(text)?.[1] ?? '');
  scan.sections.push({ name, header: at, end: at + 1, options: [] });
  scan.option = undefined;
}

function openOption(scan: Scan, section: OpenSection, text: string, at: number): void {
  const match = scan.dialect.option.exec(text);
  if (match === null) {
    const message = INDENTED.test(text)
      ? 'This indented line continues no option.'
      : 'This line is neither a [section], nor "option = value", nor a comment.';
    scan.faults.push({ line: at, message });
    return;
  }
  const name = optionKey(scan.dialect, decodeText(stripEnd(match[1] ?? '')));
  scan.option = { name, line: at, valueColumn: match[0].length, continuations: [] };
  section.options.push(scan.option);
}
