import { equalDn, formatDn, isDn, isWithin, parentDn, parseDn } from '../../directory/dn.ts';

/** The suffix of the sandbox that a report is run in. */
export const REPORT_SUFFIX = 'dc=example,dc=com';

/** What old releases put into empty groups; it names nobody. */
const PLACEHOLDER = 'cn=dumb,dc=nonexistent';

/** Names that Keystone's own defaults have, which are looked for if no option says another. */
const KEYSTONES_OWN =
  /^(?:Users|UserGroups|Groups|Roles|Domains|enabled_(?:users|tenants|projects|domains))$/i;

/** Other names for people, groups and places: the same one for the same text, and another spelling for another one. */
export class Pseudonyms {
  readonly #suffixes: readonly string[];
  readonly #names = new Map<string, { readonly first: string; readonly other: string }>();

  constructor(suffixes: readonly string[]) {
    this.#suffixes = suffixes;
  }

  /** A blank, a truth value and a length that does not fit stay what they are: findings depend on them. */
  text(value: string): string {
    if (value.trim() === '' || /^(?:true|false)$/i.test(value) || KEYSTONES_OWN.test(value)) return value;
    if (isDn(value) && value !== '') return this.dn(value);
    const key = value.toLowerCase();
    const known = this.#names.get(key);
    if (known !== undefined) return value === known.first ? known.other : known.other.toUpperCase();
    const number = this.#names.size + 1;
    const name = /^\d+$/.test(value) ? `${1000 + number}` : `name${number}`;
    const slashed = value.includes('/') ? `${name}/x` : name;
    const other = value.length > 64 ? slashed.padEnd(value.length, 'x') : slashed;
    this.#names.set(key, { first: value, other });
    return other;
  }

  /** What lies below a suffix of the server lies below that of the sandbox. */
  dn(dn: string): string {
    if (dn === '' || dn === PLACEHOLDER) return dn;
    if (this.#suffixes.some((suffix) => equalDn(dn, suffix))) return REPORT_SUFFIX;
    const isInside = this.#suffixes.some((suffix) => isWithin(dn, suffix));
    const [rdn = []] = parseDn(dn);
    const above = isInside || parseDn(dn).length > 1 ? this.dn(parentDn(dn)) : '';
    const own = formatDn([rdn.map((ava) => ({ ...ava, value: this.#rdnValue(ava.value) }))]);
    return above === '' ? own : `${own},${above}`;
  }

  #rdnValue(value: string): string {
    return isDn(value) ? this.text(`${value} `) : this.text(value);
  }
}
