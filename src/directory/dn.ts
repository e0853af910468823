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
  let rest = text;
  for (;;) {
    const ava = readAva(rest, text);
    rdns.at(-1)?.push({ type: ava.type, value: ava.value });
    if (ava.separator === '') return rdns;
    if (ava.separator !== '+') rdns.push([]);
    rest = ava.rest;
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

function readAva(rest: string, whole: string): Ava & { separator: string; rest: string } {
  const equals = rest.indexOf('=');
  if (equals < 0) throw invalid(whole, `"${rest.trim()}" has no "="`);
  const type = rest.slice(0, equals).trim();
  if (!ATTRIBUTE_TYPE.test(type)) throw invalid(whole, `"${type}" is no attribute type`);
  const raw = rest.slice(equals + 1).replace(/^ +/, '');
  const { value, length } = readValue(raw, whole);
  const after = raw.slice(length).replace(/^ +/, '');
  return { type, value, separator: after.slice(0, 1), rest: after.slice(1) };
}

function readValue(raw: string, whole: string): { value: string; length: number } {
  if (raw.startsWith('"')) return readQuoted(raw, whole);
  const bytes: Buffer[] = [];
  let at = 0;
  let kept = 0; // length up to the last character that is no bare trailing space
  while (at < raw.length && !/[,;+]/.test(raw.charAt(at))) {
    const { bytes: piece, length } = readCharacter(raw, at, whole);
    bytes.push(piece);
    if (raw.charAt(at) !== ' ') kept = bytes.length;
    at += length;
  }
  const text = textOf(Buffer.concat(bytes.slice(0, kept)));
  return { value: raw.startsWith('#') ? decodeHexValue(text, whole) : text, length: at };
}

function readQuoted(raw: string, whole: string): { value: string; length: number } {
  const bytes: Buffer[] = [];
  let at = 1;
  while (raw.charAt(at) !== '"') {
    if (at >= raw.length) throw invalid(whole, 'a quoted value does not end');
    const literal = raw.charAt(at) !== '\\';
    const next = literal ? readLiteral(raw, at) : readCharacter(raw, at, whole);
    bytes.push(next.bytes);
    at += next.length;
  }
  return { value: textOf(Buffer.concat(bytes)), length: at + 1 };
}

function readLiteral(raw: string, at: number): { bytes: Buffer; length: number } {
  const character = String.fromCodePoint(raw.codePointAt(at) ?? 0);
  return { bytes: octetsOf(character), length: character.length };
}

function readCharacter(raw: string, at: number, whole: string): { bytes: Buffer; length: number } {
  if (raw.charAt(at) !== '\\') {
    if (SPECIAL.test(raw.charAt(at)) && raw.charAt(at) !== '=')
      throw invalid(whole, `"${raw.charAt(at)}" in a value must be written "\\${raw.charAt(at)}"`);
    return readLiteral(raw, at);
  }
  const hex = /^[0-9a-fA-F]{2}/.exec(raw.slice(at + 1))?.[0];
  if (hex !== undefined) return { bytes: Buffer.from(hex, 'hex'), length: 3 };
  if (!/^["+,;<>\\= #]/.test(raw.slice(at + 1)))
    throw invalid(whole, 'a "\\" stands before nothing it could escape');
  return { bytes: Buffer.from(raw.charAt(at + 1)), length: 2 };
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
