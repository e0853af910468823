import { KeystoneLdapError } from '../errors.ts';
import { filterOf, type Filter } from './filter.ts';
import { octetsOf, textOf } from './octets.ts';

/**
 * A filter that somebody else wrote, in the form that every server reads. libldap, by which Keystone sends it, passes over
 * blanks between filters and takes one without parentheses, but is strict where many parsers are not: RFC 4515 is neither.
 * @throws `INPUT_INVALID` where libldap would refuse it (LDAP_FILTER_ERROR)
 */
export function libldapFilter(text: string): Filter {
  return filterOf(whole(text, text));
}

/** One filter and the blanks around it. */
function whole(text: string, all: string): string {
  let at = 0;
  while (text.charAt(at) === ' ') at += 1;
  if (text.charAt(at) !== '(') {
    const bare = text.slice(at);
    if (bare === '' || bare.startsWith(')')) throw invalid(all, 'it is empty');
    return simple(bare, all);
  }
  const end = closing(text, at + 1, all);
  if (end < text.length - 1) throw invalid(all, `"${text.slice(end + 1)}" comes after its end`);
  const inner = text.slice(at + 1, end).replace(BLANKS, '');
  const operator = inner.charAt(0);
  if (operator === '&' || operator === '|') return `(${operator}${list(inner.slice(1), all).join('')})`;
  if (operator === '!') {
    const negated = list(inner.slice(1), all);
    if (negated.length !== 1) throw invalid(all, '"!" negates one filter');
    return `(!${negated.join('')})`;
  }
  if (operator === '(') throw invalid(all, 'it has two parentheses where one is meant');
  return simple(inner, all);
}

const BLANKS = /^[ \t\r\n]+/;

/** The filters of a set; each ends with the parenthesis that balances its first character. */
function list(text: string, all: string): readonly string[] {
  const found: string[] = [];
  let rest = text.replace(BLANKS, '');
  while (rest !== '') {
    const end = closing(rest, 1, all);
    found.push(whole(rest.slice(0, end + 1), all));
    rest = rest.slice(end + 1).replace(BLANKS, '');
  }
  return found;
}

/** Where the parenthesis is that closes one that was opened before `start`. */
function closing(text: string, start: number, all: string): number {
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw invalid(all, 'its parentheses do not match');
}

const DESCRIPTION = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9-]+)*$/;

/** Whether libldap takes it for the name of an attribute in a filter. */
export function isAttributeName(text: string): boolean {
  return DESCRIPTION.test(text);
}

/** Type, `dn`, rule: any of them may be missing, but not both names. */
const EXTENSIBLE = /^([^:]*)((?::dn)?)((?::[^:]+)?):$/i;

function simple(text: string, all: string): string {
  const equals = text.indexOf('=');
  if (equals < 0) throw invalid(all, `"${text}" has no "="`);
  const value = text.slice(equals + 1);
  const [, left = '', sign = ''] = /^(.*?)([<>~]?)$/s.exec(text.slice(0, equals)) ?? [];
  if (sign === '' && left.endsWith(':')) return extensible(left, value, all);
  if (!DESCRIPTION.test(left)) throw invalid(all, `"${left}" is not an attribute`);
  if (sign !== '') return `(${left}${sign}=${plain(value, all)})`;
  if (value === '*') return `(${left}=*)`;
  return `(${left}=${substrings(value, all)})`;
}

function extensible(left: string, value: string, all: string): string {
  const [, type = '', dn = '', rule = ''] = EXTENSIBLE.exec(left) ?? [];
  const names = [type, rule.slice(1)].filter((name) => name !== '');
  if (names.length === 0 || !names.every((name) => DESCRIPTION.test(name)))
    throw invalid(all, `"${left}" is not an attribute with a matching rule`);
  return `(${type}${dn.toLowerCase()}${rule}:=${plain(value, all)})`;
}

/** The text between stars. */
function substrings(value: string, all: string): string {
  const parts = value.split(/(?<!\\)\*/);
  if (parts.slice(1, -1).includes('')) throw invalid(all, `"${value}" has nothing between two stars`);
  for (const part of parts) if (/(?<!\\)[()]/.test(part)) throw invalid(all, `"${part}" has a parenthesis`);
  return parts.map((part) => plain(part, all)).join('*');
}

/** A value with just those characters escaped that must be. */
function plain(value: string, all: string): string {
  const octets: Buffer[] = [];
  for (let at = 0; at < value.length;) {
    const [escape = '', hex] = /^\\(?:([0-9A-Fa-f]{2})|[()*\\])?/.exec(value.slice(at)) ?? [];
    if (escape === '\\') throw invalid(all, `"${value}" has a "\\" before nothing it could escape`);
    const character = escape === '' ? String.fromCodePoint(value.codePointAt(at) ?? 0) : escape;
    octets.push(
      hex === undefined ? octetsOf(escape === '' ? character : escape.slice(1)) : Buffer.from(hex, 'hex'),
    );
    at += character.length;
  }
  return textOf(Buffer.concat(octets)).replace(/[\\*()\0\u{DC80}-\u{DCFF}]/gu, escaped);
}

function escaped(character: string): string {
  return [...octetsOf(character)].map((octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('');
}

function invalid(filter: string, why: string): KeystoneLdapError {
  return new KeystoneLdapError('INPUT_INVALID', `"${filter}" is not a filter: ${why}.`, {
    hint: 'Keystone puts [ldap] *_filter, *_objectclass and the names of attributes into it: correct them.',
  });
}
