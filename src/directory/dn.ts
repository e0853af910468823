import { KeystoneLdapError } from '../errors.ts';
import { isText, octetsOf, textOf } from './octets.ts';

/** One attribute type and value of an RDN, unescaped. */
interface Ava {
  readonly type: string;
  readonly value: string;
}

/** RDNs from the entry up to the suffix; an RDN may have several AVAs (`cn=a+uid=b`). */
export type Dn = readonly (readonly Ava[])[];

const ATTRIBUTE_TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/;
/** A DN with nothing to unescape, which needs no more than one case to be its own key: most are so, and there are many. */
const PLAIN = /^[A-Za-z][A-Za-z0-9-]*=[\w.@-]+(?:,[A-Za-z][A-Za-z0-9-]*=[\w.@-]+)*$/;
const SPECIAL = /["+,;<>\\=]/;
const BER_STRING_TAGS = new Set([0x04, 0x0c, 0x13, 0x16]);

/**
 * Reads an RFC 4514 string; the blanks around separators and the quoted values of RFC 2253 are accepted too.
 * @throws `INPUT_INVALID`
 */
export function parseDn(text: string): Dn {
  if (text.trim() === '') return [];
  if (PLAIN.test(text)) return text.split(',').map(plainRdn);
  const rdns: Ava[][] = [[]];
  let at = 0;
  for (;;) {
    const ava = readAva(text, at);
    rdns.at(-1)?.push({ type: ava.type, value: ava.value });
    if (ava.separator === '') return rdns;
    if (ava.separator !== '+') rdns.push([]);
    at = ava.next;
  }
}

/** Whether this is the DN of an entry, which the empty one is not. */
export function isDn(text: string): boolean {
  try {
    return parseDn(text).length > 0;
  } catch {
    return false;
  }
}

/** The string form of RFC 4514 section 2: only what must be escaped is. */
export function formatDn(dn: Dn): string {
  return dn.map((rdn) => rdn.map(({ type, value }) => `${type}=${escapeValue(value)}`).join('+')).join(',');
}

/** The DN of `type=value` directly below `parent`, which may be the empty DN. */
export function childDn(type: string, value: string, parent: string): string {
  const rdn = `${type}=${escapeValue(value)}`;
  return parent === '' ? rdn : `${rdn},${parent}`;
}

/** The DN one level up; the parent of a single RDN is the empty DN. */
export function parentDn(dn: string): string {
  return formatDn(parseDn(dn).slice(1));
}

/** Type and value of the first RDN's first AVA. */
export function rdnOf(dn: string): Ava {
  const ava = parseDn(dn)[0]?.[0];
  if (ava === undefined) throw invalid(dn, 'it is empty');
  return ava;
}

/**
 * A key that two DNs share exactly when they name the same entry: types and values without regard to case
 * (RFC 4517 caseIgnoreMatch, which all naming attributes of Keystone's trees have), runs of spaces as one,
 * escapes resolved, the AVAs of one RDN in any order.
 */
export function dnKey(dn: string | Dn): string {
  if (typeof dn === 'string' && PLAIN.test(dn)) return dn.toLowerCase();
  const rdns = typeof dn === 'string' ? parseDn(dn) : dn;
  return formatDn(
    rdns.map((rdn) =>
      rdn
        .map(({ type, value }) => ({ type: type.toLowerCase(), value: foldCase(value) }))
        .sort((a, b) => (a.type < b.type ? -1 : 1)),
    ),
  );
}

/** Whether two strings name the same entry; a string that is no DN equals nothing but itself. */
export function equalDn(a: string | Dn, b: string | Dn): boolean {
  if (a === b) return true;
  try {
    return dnKey(a) === dnKey(b);
  } catch {
    return false;
  }
}

/** Whether `dn` is `ancestor` or lies below it. */
export function isWithin(dn: string, ancestor: string): boolean {
  const [inner, outer] = [parseDn(dn), parseDn(ancestor)];
  return inner.length >= outer.length && dnKey(inner.slice(inner.length - outer.length)) === dnKey(outer);
}

/** The value form in which caseIgnoreMatch compares (RFC 4518 section 2, NFKC and case folding). */
export function foldCase(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}

function escapeValue(value: string): string {
  const last = value.length - 1;
  return value.replace(/["+,;<>\\=\0\r\n]|[ #]|[\u{DC80}-\u{DCFF}]/gu, (character, at: number) => {
    if (character === ' ') return at === 0 || at === last ? '\\ ' : ' ';
    if (character === '#') return at === 0 ? '\\#' : '#';
    if (!isText(character)) return `\\${octetsOf(character).toString('hex')}`;
    return CONTROL_ESCAPES[character] ?? `\\${character}`;
  });
}

const CONTROL_ESCAPES: Readonly<Record<string, string>> = { '\0': '\\00', '\r': '\\0D', '\n': '\\0A' };

function plainRdn(text: string): readonly Ava[] {
  const equals = text.indexOf('=');
  return [{ type: text.slice(0, equals), value: text.slice(equals + 1) }];
}

/** The AVA that starts here, the separator after it, and where the next one starts. */
function readAva(text: string, start: number): Ava & { separator: string; next: number } {
  const equals = text.indexOf('=', start);
  if (equals < 0) throw invalid(text, `"${text.slice(start).trim()}" has no "="`);
  const type = text.slice(start, equals).trim();
  if (!ATTRIBUTE_TYPE.test(type)) throw invalid(text, `"${type}" is no attribute type`);
  const { value, end } = readValue(text, afterSpaces(text, equals + 1));
  const separator = afterSpaces(text, end);
  return { type, value, separator: text.charAt(separator), next: separator + 1 };
}

function afterSpaces(text: string, start: number): number {
  let at = start;
  while (text.charAt(at) === ' ') at += 1;
  return at;
}

function readValue(text: string, start: number): { value: string; end: number } {
  if (text.charAt(start) === '"') return readQuoted(text, start);
  const bytes: Buffer[] = [];
  let at = start;
  let kept = 0; // length up to the last character that is no bare trailing space
  while (at < text.length && !/[,;+]/.test(text.charAt(at))) {
    const { bytes: piece, length } = readCharacter(text, at);
    bytes.push(piece);
    if (text.charAt(at) !== ' ') kept = bytes.length;
    at += length;
  }
  const value = textOf(Buffer.concat(bytes.slice(0, kept)));
  return { value: text.charAt(start) === '#' ? decodeHexValue(value, text) : value, end: at };
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  const bytes: Buffer[] = [];
  let at = start + 1;
  while (text.charAt(at) !== '"') {
    if (at >= text.length) throw invalid(text, 'a quoted value does not end');
    const literal = text.charAt(at) !== '\\';
    const next = literal ? readLiteral(text, at) : readCharacter(text, at);
    bytes.push(next.bytes);
    at += next.length;
  }
  return { value: textOf(Buffer.concat(bytes)), end: at + 1 };
}

function readLiteral(text: string, at: number): { bytes: Buffer; length: number } {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { bytes: octetsOf(character), length: character.length };
}

function readCharacter(text: string, at: number): { bytes: Buffer; length: number } {
  const character = text.charAt(at);
  if (character !== '\\') {
    if (SPECIAL.test(character) && character !== '=')
      throw invalid(text, `"${character}" in a value must be written "\\${character}"`);
    return readLiteral(text, at);
  }
  const hex = /^[0-9a-fA-F]{2}/.exec(text.slice(at + 1, at + 3))?.[0];
  if (hex !== undefined) return { bytes: Buffer.from(hex, 'hex'), length: 3 };
  const escaped = text.charAt(at + 1);
  if (!/^["+,;<>\\= #]/.test(escaped)) throw invalid(text, 'a "\\" stands before nothing it could escape');
  return { bytes: Buffer.from(escaped), length: 2 };
}

/** `#` and the hex of the BER encoding (RFC 4514 section 2.4), here for the string types only. */
function decodeHexValue(text: string, whole: string): string {
  const ber = /^#(?:[0-9a-fA-F]{2}){2,}$/.test(text) ? Buffer.from(text.slice(1), 'hex') : undefined;
  if (ber === undefined || !BER_STRING_TAGS.has(ber[0] ?? 0) || ber[1] !== ber.length - 2)
    throw invalid(whole, `"${text}" is no BER-encoded string of up to 127 bytes`);
  return textOf(ber.subarray(2));
}

function invalid(dn: string, why: string): KeystoneLdapError {
  return new KeystoneLdapError('INPUT_INVALID', `"${dn}" is not a DN: ${why}.`, {
    hint: 'A DN reads like "ou=Users,dc=example,dc=com" (RFC 4514); put a backslash before , + " \\ < > ; in a value.',
  });
}
