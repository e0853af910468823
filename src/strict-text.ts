import { isUtf8 } from 'node:buffer';
import { KeystoneLdapError, type Problem } from './errors.ts';

/** What Node reads in place of bytes of the environment that are not UTF-8. */
export const LOST = '\uFFFD';

/**
 * Text of a file: UTF-8, or UTF-16 if a byte order mark announces it, which is what Excel and Notepad write. The mark is
 * no part of the text.
 * @throws `INPUT_INVALID` with the first place that is neither: a replaced character would get into a directory silently
 */
export function strictText(bytes: Buffer, file: string): string {
  const encoding = utf16Of(bytes);
  if (encoding === undefined) return withoutMark(requireUtf8(bytes, file)).toString('utf8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw notText(file, placeIn(new TextDecoder(encoding).decode(bytes)), NOT_UTF16);
  }
}

/**
 * The text of a file with a password. Nothing is taken away from it or converted, since a password is octets (RFC 4511
 * section 4.2), and the error shows none of them.
 * @throws `INPUT_INVALID` if it cannot be kept as it is
 */
export function strictSecret(bytes: Buffer, file: string): string {
  const at = isUtf8(bytes) ? -1 : utf8Fault(bytes);
  if (at < 0 && !bytes.subarray(0, 3).equals(UTF8_MARK)) return bytes.toString('utf8');
  const problem = {
    file,
    line: 1 + lineBreaks(bytes.subarray(0, Math.max(at, 0))),
    message: at < 0 ? 'a byte order mark stands before the password' : 'a byte here is not UTF-8',
  };
  throw new KeystoneLdapError('INPUT_INVALID', `The password in ${file} is not plain UTF-8 text.`, {
    problems: [problem],
    hint: 'Keystone sends passwords as UTF-8, too. Save the file as UTF-8 without a byte order mark, or set another password.',
  });
}

/**
 * A stream of text piece by piece, as UTF-8 without a byte order mark; no character is cut in two. UTF-16 is converted.
 * @throws `INPUT_INVALID` at the first byte that is not text
 */
export async function* strictChunks(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Buffer> {
  const reader = new TextReader(file);
  for await (const chunk of chunks) {
    const text = reader.read(chunk);
    if (text.length > 0) yield text;
  }
  const end = reader.read(new Uint8Array(), true);
  if (end.length > 0) yield end;
}

class TextReader {
  readonly #file: string;
  readonly #place = new RunningPlace();
  /** What is not a whole character yet. */
  #rest: Buffer = Buffer.alloc(0);
  #convert: Convert | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  read(chunk: Uint8Array, isLast = false): Buffer {
    const bytes = Buffer.concat([this.#rest, chunk]);
    this.#rest = bytes;
    if (this.#convert === undefined && bytes.length < UTF8_MARK.length && !isLast) return Buffer.alloc(0);
    const text = this.#convert === undefined ? withoutMark(bytes) : bytes;
    this.#convert ??= converterFor(bytes, this.#file, this.#place);
    const cut = isLast || this.#convert !== asUtf8 ? text.length : wholeCharacters(text);
    this.#rest = text.subarray(cut);
    const whole = requireUtf8(this.#convert(text.subarray(0, cut), isLast), this.#file, this.#place);
    this.#place.pass(whole);
    return whole;
  }
}

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

type Convert = (bytes: Buffer, isLast: boolean) => Buffer;

const asUtf8: Convert = (bytes) => bytes;

function converterFor(start: Buffer, file: string, place: RunningPlace): Convert {
  const encoding = utf16Of(start);
  if (encoding === undefined) return asUtf8;
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (bytes, isLast) => {
    try {
      return Buffer.from(decoder.decode(bytes, { stream: !isLast }));
    } catch {
      throw notText(file, place.at(0, Buffer.alloc(0)), NOT_UTF16);
    }
  };
}

function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(UTF8_MARK) ? bytes.subarray(3) : bytes;
}

function requireUtf8(bytes: Buffer, file: string, place = new RunningPlace()): Buffer {
  if (isUtf8(bytes)) return bytes;
  const at = utf8Fault(bytes);
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  throw notText(file, place.at(at, bytes), `the byte 0x${byte} here is not UTF-8`);
}

const NOT_UTF16 = 'this is not UTF-16, which the byte order mark of the file announces';

interface Place {
  readonly line: number;
  readonly column: number;
}

function notText(file: string, place: Place, message: string): KeystoneLdapError {
  const problem: Problem = { file, ...place, message };
  return new KeystoneLdapError('INPUT_INVALID', `${file} is not UTF-8 text.`, {
    problems: [problem],
    hint: 'Save it as UTF-8, for example with "iconv -f WINDOWS-1252 -t UTF-8" if it is from Western Europe.',
  });
}

/** Where a stream has come to. */
class RunningPlace {
  #line = 1;
  #column = 1;

  pass(bytes: Buffer): void {
    const breaks = lineBreaks(bytes);
    this.#line += breaks;
    const start = bytes.lastIndexOf(LINE_BREAK) + 1;
    this.#column = (breaks === 0 ? this.#column : 1) + bytes.toString('utf8', start).length;
  }

  at(offset: number, bytes: Buffer): Place {
    const before = bytes.subarray(0, offset);
    const breaks = lineBreaks(before);
    const start = before.lastIndexOf(LINE_BREAK) + 1;
    return {
      line: this.#line + breaks,
      column: (breaks === 0 ? this.#column : 1) + before.toString('utf8', start).length,
    };
  }
}

const LINE_BREAK = 0x0a;

function lineBreaks(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_BREAK); at >= 0; at = bytes.indexOf(LINE_BREAK, at + 1)) count += 1;
  return count;
}

/** The place of the first replacement character. */
function placeIn(text: string): Place {
  const before = text.slice(0, Math.max(text.indexOf('\uFFFD'), 0));
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** Up to where the characters are whole; what follows is the beginning of one. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return lengthOf(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** Where the first byte stands that is no part of a character (RFC 3629 section 4). */
function utf8Fault(bytes: Buffer): number {
  for (let at = 0; at < bytes.length;) {
    const length = lengthOf(bytes[at] ?? 0);
    if (length === 0 || !isUtf8(bytes.subarray(at, at + length)) || at + length > bytes.length) return at;
    at += length;
  }
  return -1;
}
