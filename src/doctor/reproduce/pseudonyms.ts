import { equalDn, foldCase, formatDn, isDn, isWithin, parentDn, parseDn } from '../../directory/dn.ts';
import { isStandard } from '../../schema/standard-oids.ts';
import { filterItems, itemParts } from './filter-text.ts';
import { isPublic, type SchemaLookup } from './schema-lookup.ts';
import { isCountry, kindOfSyntax, type ValueKind } from './value-kind.ts';

/** The suffix of the sandbox that a report is run in. */
export const REPORT_SUFFIX = 'dc=example,dc=com';

/** What old releases put into empty groups; it names nobody. */
const PLACEHOLDER = 'cn=dumb,dc=nonexistent';

/** Names that Keystone's own defaults have, which are looked for if no option says another. */
const KEYSTONES_OWN =
  /^(?:Users|UserGroups|Groups|Roles|Domains|enabled_(?:users|tenants|projects|domains))$/i;

/** What means something in a DN, a filter or an address, and blanks at an end: findings depend on them. */
const SPECIAL = /(\s*[*+,\\()<>;=#"/\0]+\s*|^\s+|\s+$)/;

/** More than there are names between two numbers that a filter compares with. */
const STEP = 1_000_000;

export interface PseudonymSource {
  readonly suffixes: readonly string[];
  readonly schema: SchemaLookup;
  /** Their parts of values are kept apart in the new names, which then fit the same filters. */
  readonly filters: readonly string[];
  /** By their keys: numbers and truth values of these attributes stay what they are, and name nobody. */
  readonly flags: ReadonlySet<string>;
}

/** What Keystone, or a filter on bits, makes something of. */
const FLAG = /^\s*(?:true|false|yes|no|on|off|[-+]?[\d_.]+)\s*$/i;

/** Other names for people, groups and places: the same one for the same text, and another spelling for another one. */
export class Pseudonyms {
  readonly #suffixes: readonly string[];
  readonly #schema: SchemaLookup;
  readonly #fragments: RegExp | undefined;
  readonly #limits: readonly bigint[];
  readonly #flags: ReadonlySet<string>;
  readonly #names = new Map<string, { readonly first: string; readonly other: string }>();

  constructor({ suffixes, schema, filters, flags }: PseudonymSource) {
    this.#flags = flags;
    this.#suffixes = suffixes;
    this.#schema = schema;
    const items = filters.flatMap((filter) => filterItems(filter));
    this.#fragments = patternOf(
      items.flatMap(({ value }) => (value.includes('*') ? itemParts(value).map(foldCase) : [])),
    );
    this.#limits = items
      .filter(({ sign, value }) => /[<>]/.test(sign) && /^\s*\d+/.test(value))
      .map(({ value }) => leadingNumber(value));
  }

  /** A blank, a truth value and a length that does not fit stay what they are: findings depend on them. */
  text(value: string): string {
    return isSeveralRdns(value) ? this.dn(value) : this.#plain(value);
  }

  /** In the syntax of the attribute. */
  value(attribute: string, value: string): string {
    if (this.#flags.has(this.#schema.keyOf(attribute)) && FLAG.test(value)) return value;
    const kind = this.kindOf(attribute);
    if (kind !== 'dn') return kind === 'text' ? this.text(value) : this.#ofKind(kind, value);
    const [, dn = '', uid = ''] = /^(.*?)(#'[01]*'B)?$/s.exec(value) ?? [];
    return isDn(dn) ? `${this.dn(dn)}${uid}` : this.text(value);
  }

  /** The value of an RDN and of its attribute. It is not a DN, even if it looks like one. */
  naming(attribute: string, value: string): string {
    const kind = this.kindOf(attribute);
    return kind === 'text' || kind === 'dn' ? this.#plain(value) : this.#ofKind(kind, value);
  }

  kindOf(attribute: string): ValueKind {
    const found = this.#schema.attribute(attribute);
    if (isCountry(found?.oid)) return 'country';
    const kind = kindOfSyntax(this.#schema.syntaxOf(attribute));
    // The report's own definition of what is not standard makes text of it.
    return kind === 'unsupported' && found !== undefined && !isStandard(found) ? 'text' : kind;
  }

  /** A class or an attribute: what everybody knows stays, the site's own gets another name. */
  schemaName(name: string): string {
    const [, blank = '', type = '', rest = ''] = /^(\s*)([^;\s]+)((?:;[\w-]+)*\s*)$/.exec(name) ?? [];
    if (type === '') return name.trim() === '' ? name : `@${this.#plain(name)}`;
    const found = this.#schema.named(type);
    if (found !== undefined && isPublic(found)) return name;
    if (found !== undefined && /^\d/.test(type)) return `${blank}${this.oid(type)}${rest}`;
    const isName = /^[A-Za-z][\w-]*$/.test(type);
    return `${blank}${isName ? 'x' : '@'}${this.#word(type, 'name')}${rest}`;
  }

  /** An OID that is nobody's, for a definition of the site. */
  oid(oid: string): string {
    const number = this.#numbered(`oid ${oid}`, oid, (count) => String(count));
    return `1.1.2.${number}`;
  }

  /** What lies below a suffix of the server lies below that of the sandbox. */
  dn(dn: string): string {
    if (dn === '' || dn === PLACEHOLDER) return dn;
    if (this.#suffixes.some((suffix) => equalDn(dn, suffix))) return REPORT_SUFFIX;
    const isInside = this.#suffixes.some((suffix) => isWithin(dn, suffix));
    const [rdn = []] = parseDn(dn);
    const above = isInside || parseDn(dn).length > 1 ? this.dn(parentDn(dn)) : '';
    const own = formatDn([
      rdn.map(({ type, value }) => ({ type: this.schemaName(type), value: this.naming(type, value) })),
    ]);
    return above === '' ? own : `${own},${above}`;
  }

  #plain(value: string): string {
    if (value.trim() === '' || /^(?:true|false)$/i.test(value) || KEYSTONES_OWN.test(value)) return value;
    const parts = this.#fragments === undefined ? [value] : value.split(this.#fragments);
    if (parts.length === 1 && /^\d+$/.test(value)) return this.#ofKind('number', value);
    const pieces = parts.map((piece, at) => this.#piece(piece, at % 2 === 1 ? 'part' : 'name'));
    const missing = value.length > 64 ? value.length - pieces.join('').length : 0;
    // Not at an end, which a filter may look at.
    const padded = Math.max(
      pieces.findIndex((piece, at) => at % 2 === 0 && piece !== ''),
      0,
    );
    return pieces
      .with(
        padded,
        (pieces[padded] ?? '').replace(/\w+/, (word) => word + 'x'.repeat(Math.max(missing, 0))),
      )
      .join('');
  }

  #piece(text: string, prefix: 'name' | 'part'): string {
    return text
      .split(SPECIAL)
      .map((word, at) => (at % 2 === 1 || word === '' ? word : this.#word(word, prefix)))
      .join('');
  }

  #word(word: string, prefix: 'name' | 'part'): string {
    // The hyphen keeps the first of ten parts from being found in the tenth.
    const end = prefix === 'part' ? '-' : '';
    return this.#numbered(`${prefix} ${foldCase(word)}`, word, (count) => `${prefix}${count}${end}`);
  }

  #ofKind(kind: ValueKind, value: string): string {
    if (kind === 'boolean' || value.trim() === '') return value;
    const key = `${kind} ${value.toLowerCase()}`;
    if (kind === 'country') return this.#numbered(key, value, countryOf);
    if (kind === 'uuid')
      return this.#numbered(
        key,
        value,
        (count) => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
      );
    if (kind === 'time') return this.#numbered(key, value, (count) => timeOf(count, this.#above(value)));
    if (kind !== 'number' || !/\d/.test(value)) return this.#piece(value, 'name');
    const sign = /^\s*-/.test(value) ? '-' : '';
    return this.#numbered(key, value, (count) => {
      const isLimit = this.#limits.includes(leadingNumber(value));
      const number = `${sign}${this.#above(value) * STEP + 1000 + (isLimit ? 0 : count)}`;
      return value.length > 64 ? number.padEnd(value.length, '0') : number;
    });
  }

  /** How many of the numbers that filters compare with it reaches. */
  #above(value: string): number {
    const number = leadingNumber(value);
    return new Set(this.#limits.filter((limit) => limit <= number)).size;
  }

  #numbered(key: string, value: string, make: (count: number) => string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return value === known.first ? known.other : known.other.toUpperCase();
    const other = make(this.#names.size + 1);
    this.#names.set(key, { first: value, other });
    return other;
  }
}

function isSeveralRdns(value: string): boolean {
  return value.includes('=') && isDn(value) && parseDn(value).length > 1;
}

/** The longest first, so that of two the one that has the other in it is found. */
function patternOf(texts: readonly string[]): RegExp | undefined {
  const fragments = [...new Set(texts.filter((text) => text !== ''))].toSorted((a, b) => b.length - a.length);
  if (fragments.length === 0) return undefined;
  const escaped = fragments.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return new RegExp(`(${escaped.join('|')})`, 'iu');
}

function leadingNumber(value: string): bigint {
  return BigInt(/\d+/.exec(value)?.[0] ?? 0) * (/^\s*-/.test(value) ? -1n : 1n);
}

function countryOf(count: number): string {
  return String.fromCharCode(65 + (Math.floor(count / 26) % 26), 65 + (count % 26));
}

function timeOf(count: number, year: number): string {
  return `${new Date(Date.UTC(2000 + year, 0, 1, 0, 0, count)).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}
