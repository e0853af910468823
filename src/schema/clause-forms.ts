import type { SchemaElement } from './definition.ts';

/** What follows a keyword: which tokens a value is made of, and how a list of several separates them. */
export interface ClauseForm {
  readonly item: 'oid' | 'syntax' | 'quoted' | 'none';
  readonly separator: '$' | 'blank' | 'none';
  /** slapd takes names and OIDs in quotes too, as the older RFC 2252 had them. */
  readonly takesQuotes?: boolean;
  /** slapd takes a list `( )`. */
  readonly takesNothing?: boolean;
  /** For "MUST needs …". */
  readonly wording: string;
}

const FLAG: ClauseForm = { item: 'none', separator: 'none', wording: 'no value' };
const OID: ClauseForm = { item: 'oid', separator: 'none', wording: 'one name or OID' };
const SYNTAX: ClauseForm = { item: 'syntax', separator: 'none', takesQuotes: true, wording: 'one OID' };
const OIDS: ClauseForm = { item: 'oid', separator: '$', wording: 'a name or OID, or a list ( a $ b )' };
const OIDS_OR_NONE: ClauseForm = { ...OIDS, takesNothing: true };
const TEXT: ClauseForm = { item: 'quoted', separator: 'none', wording: 'one text in single quotes' };
const TEXTS: ClauseForm = {
  item: 'quoted',
  separator: 'blank',
  takesNothing: true,
  wording: "a text in single quotes, or a list ( 'a' 'b' )",
};

type ClauseForms = ReadonlyMap<string, ClauseForm>;

const NAMED: readonly [string, ClauseForm][] = [
  ['NAME', TEXTS],
  ['DESC', TEXT],
];
const COMMON: readonly [string, ClauseForm][] = [...NAMED, ['OBSOLETE', FLAG]];

/** The grammar of RFC 4512 section 4.1 as slapd has it, as data. */
const FORMS: Readonly<Record<SchemaElement['element'], ClauseForms>> = {
  ldapSyntax: new Map(NAMED),
  attributeType: new Map([
    ...COMMON,
    ['SUP', OID],
    ['EQUALITY', OID],
    ['ORDERING', OID],
    ['SUBSTR', OID],
    ['SYNTAX', SYNTAX],
    ['SINGLE-VALUE', FLAG],
    ['COLLECTIVE', FLAG],
    ['NO-USER-MODIFICATION', FLAG],
    ['USAGE', OID],
  ]),
  objectClass: new Map([
    ...COMMON,
    ['SUP', { ...OIDS_OR_NONE, takesQuotes: true }],
    ['ABSTRACT', FLAG],
    ['STRUCTURAL', FLAG],
    ['AUXILIARY', FLAG],
    ['MUST', OIDS_OR_NONE],
    ['MAY', OIDS_OR_NONE],
  ]),
  contentRule: new Map([
    ...COMMON,
    ['AUX', OIDS],
    ['MUST', OIDS_OR_NONE],
    ['MAY', OIDS_OR_NONE],
    ['NOT', OIDS_OR_NONE],
  ]),
};

/** A keyword as it is compared: in any case, but for extensions, whose case slapd minds. */
export function keywordOf(word: string): string {
  return word.startsWith('X-') ? word : word.toUpperCase();
}

/** The form of a clause by its keyword; `undefined` where the element has no such clause. */
export function clauseForm(element: SchemaElement['element'], word: string): ClauseForm | undefined {
  return word.startsWith('X-') ? TEXTS : FORMS[element].get(word.toUpperCase());
}
