import { isUtf8 } from 'node:buffer';

/**
 * One physical line. `text` holds one character per byte (latin1), so that bytes which are no UTF-8 survive;
 * {@link decodeText} gives what people and parsers mean by it.
 */
export interface ConfLine {
  readonly text: string;
  /** Empty only on a last line without a line break. */
  readonly end: LineEnd;
}

export type LineEnd = '\n' | '\r\n' | '';

/** Every byte of the text is in exactly one line; text that ends with a line break has no empty line after it. */
export function splitLines(latin1: string): readonly ConfLine[] {
  const pieces = latin1.split('\n');
  const last = pieces.pop() ?? '';
  const lines = pieces.map((piece): ConfLine =>
    piece.endsWith('\r') ? { text: piece.slice(0, -1), end: '\r\n' } : { text: piece, end: '\n' },
  );
  return last === '' ? lines : [...lines, { text: last, end: '' }];
}

export function joinLines(lines: readonly ConfLine[]): string {
  return lines.map(({ text, end }) => text + end).join('');
}

/** The line end to use at `index`: that of the nearest line above that has one, else of the first one below. */
export function lineEndNear(lines: readonly ConfLine[], index: number): LineEnd {
  const broken = (line: ConfLine) => line.end !== '';
  return (lines.slice(0, index).findLast(broken) ?? lines.slice(index).find(broken))?.end ?? '\n';
}

/** Lines whose breaks fit their place: each but the last has one, the last has one unless the file ended there. */
export function closeLines(
  lines: readonly ConfLine[],
  lineEnd: LineEnd,
  endsFile: boolean,
): readonly ConfLine[] {
  return lines.map((line, at) => ({
    text: line.text,
    end: endsFile && at === lines.length - 1 ? '' : line.end === '' ? lineEnd : line.end,
  }));
}

/** Whether the bytes of a line are UTF-8. */
export function isText(latin1: string): boolean {
  return isUtf8(Buffer.from(latin1, 'latin1'));
}

/** Bytes that are not UTF-8 become U+FFFD. */
export function decodeText(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

export function encodeText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * What Python's `str.strip` takes from bytes. JavaScript's `trim` would also take 0xA0, which ends many a UTF-8
 * letter ("à" is C3 A0).
 */
export const BLANK = '[ \\t\\n\\r\\v\\f]';

const BLANK_CODES = new Set(Array.from(' \t\n\r\v\f', (blank) => blank.charCodeAt(0)));

/** Character by character: a regular expression would try each blank of a long run inside as the first of the end. */
export function stripEnd(latin1: string): string {
  let end = latin1.length;
  while (end > 0 && BLANK_CODES.has(latin1.charCodeAt(end - 1))) end -= 1;
  return latin1.slice(0, end);
}

function stripStart(latin1: string): string {
  let start = 0;
  while (start < latin1.length && BLANK_CODES.has(latin1.charCodeAt(start))) start += 1;
  return latin1.slice(start);
}

export function strip(latin1: string): string {
  return stripStart(stripEnd(latin1));
}
