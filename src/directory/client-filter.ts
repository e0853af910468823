import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  FilterParser,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  PresenceFilter,
  SubstringFilter,
  type Filter as ClientFilter,
} from 'ldapts';
import type { Filter } from './filter.ts';
import { isText, octetsOf, textOf } from './octets.ts';

/**
 * The filter as the client sends it. The client's own parser knows no empty sets (RFC 4526), no OIDs or options in the
 * place of a name, and takes escaped octets for Latin-1.
 */
export function clientFilter(filter: Filter): ClientFilter {
  const { parsed, end } = read(filter, 0);
  // What nobody has checked is the client's to refuse.
  return end === filter.length ? parsed : FilterParser.parseString(filter);
}

interface Reading {
  readonly parsed: ClientFilter;
  /** After the closing parenthesis. */
  readonly end: number;
}

function read(text: string, start: number): Reading {
  const operator = text.charAt(start + 1);
  if (operator === '&' || operator === '|' || operator === '!') {
    const filters: ClientFilter[] = [];
    let at = start + 2;
    while (text.charAt(at) === '(') {
      const { parsed, end } = read(text, at);
      filters.push(parsed);
      at = end;
    }
    const [first] = filters;
    const negated = operator === '!' && first !== undefined ? new NotFilter({ filter: first }) : undefined;
    return {
      parsed: negated ?? (operator === '&' ? new AndFilter({ filters }) : new OrFilter({ filters })),
      end: at + 1,
    };
  }
  const end = text.indexOf(')', start);
  if (end < 0) return { parsed: FilterParser.parseString(text), end: text.length };
  return { parsed: item(text.slice(start + 1, end)), end: end + 1 };
}

const COMPARING = {
  '>': GreaterThanEqualsFilter,
  '<': LessThanEqualsFilter,
  '~': ApproximateFilter,
} as const;

function item(text: string): ClientFilter {
  const [, attribute = '', sign = '', value = ''] = /^([^=:<>~]*)([:<>~]?[^=]*)=(.*)$/s.exec(text) ?? [];
  if (sign.startsWith(':')) return extensible(attribute, sign, value);
  if (sign === '>' || sign === '<' || sign === '~')
    return new COMPARING[sign]({ attribute, value: unescaped(value) });
  return matching(attribute, value);
}

function matching(attribute: string, value: string): ClientFilter {
  if (value === '*') return new PresenceFilter({ attribute });
  if (!value.includes('*')) return new EqualityFilter({ attribute, value: octets(value) });
  const [initial = '', ...any] = value.split('*').map(unescaped);
  return new SubstringFilter({ attribute, initial, final: any.pop() ?? '', any });
}

/** `type:dn:rule:`, of which most may be missing. */
function extensible(matchType: string, sign: string, value: string): ClientFilter {
  const names = sign.split(':').filter((name) => name !== '');
  const rule = names.find((name) => name.toLowerCase() !== 'dn');
  return new ExtensibleFilter({
    matchType,
    dnAttributes: names.length > (rule === undefined ? 0 : 1),
    ...(rule !== undefined && { rule }),
    value: unescaped(value),
  });
}

function octets(value: string): string | Buffer {
  const text = unescaped(value);
  return isText(text) ? text : octetsOf(text);
}

/** As `octets.ts` has it. */
function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  const parts = value.split(/((?:\\[0-9A-Fa-f]{2})+)/);
  const bytes = parts.map((part, index) =>
    index % 2 === 0 ? octetsOf(part) : Buffer.from(part.replaceAll('\\', ''), 'hex'),
  );
  return textOf(Buffer.concat(bytes));
}
