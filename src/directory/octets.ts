import { isUtf8 } from 'node:buffer';

/** What stands for the octet 0xNN that is not ASCII: U+DCNN, half of a surrogate pair, which no text has by itself. */
const STAND_IN = /[\u{DC80}-\u{DCFF}]/u;
const SHIFT = 0xdc00;

/**
 * The octets of a value (RFC 4511 section 4.1.5) as a string. Text is itself; where they are not UTF-8, as those of a
 * photo, each that is not ASCII has a stand-in, so that {@link octetsOf} gives the same octets back, also by way of JSON.
 */
export function textOf(octets: Buffer): string {
  if (isUtf8(octets)) return octets.toString('utf8');
  return octets
    .toString('latin1')
    .replace(/[\x80-\xff]/g, (octet) => String.fromCharCode(SHIFT + octet.charCodeAt(0)));
}

/** What {@link textOf} was made from; of any other string the UTF-8. */
export function octetsOf(value: string): Buffer {
  if (isText(value)) return Buffer.from(value);
  return Buffer.concat(value.split(STAND_INS).map((part) => (isText(part) ? Buffer.from(part) : bare(part))));
}

/** Whether the value is text, and not octets that are no UTF-8. */
export function isText(value: string): boolean {
  return !STAND_IN.test(value);
}

const STAND_INS = /([\u{DC80}-\u{DCFF}]+)/u;

function bare(standIns: string): Buffer {
  return Buffer.from(standIns, 'latin1');
}
