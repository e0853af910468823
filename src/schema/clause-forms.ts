import type { SchemaElement } from './definition.ts';

/** What follows a keyword: which tokens a value is made of, and how a list of several separates them. */
export interface ClauseForm {
  readonly item: 'oid' | 'quoted' | 'none';
  readonly separator: '$' | 'blank' | 'none';
  /** For "MUST needs …". */
  readonly wording: string;
}

const FLAG: ClauseForm = { item: 'none', separator: 'none', wording: 'no value' };
const OID: ClauseForm = { item: 'oid', separator: 'none', wording: 'one name or OID' };
const OIDS: ClauseForm = { item: 'oid', separator: '$', wording: 'a name or OID, or a list ( a $ b )' };
const TEXT: ClauseForm = { item: 'quoted', separator: 'none', wording: 'one text in single quotes' };
const TEXTS: ClauseForm = {
  item: 'quoted',
  separator: 'blank',
  wording: "a text in single quotes, or a list ( 'a' 'b' )",
};

type ClauseForms = ReadonlyMap<string, ClauseForm>;

const COMMON: readonly [string, ClauseForm][] = [
  ['NAME', TEXTS],
  ['DESC', TEXT],
  ['OBSOLETE', FLAG],
];

/** The grammar of RFC 4512 sections 4.1.1 and 4.1.2, as data. */
const FORMS: Readonly<Record<SchemaElement['element'], ClauseForms>> = {
  attributeType: new Map([
    ...COMMON,
    ['SUP', OID],
    ['EQUALITY', OID],
    ['ORDERING', OID],
    ['SUBSTR', OID],
    ['SYNTAX', OID],
    ['SINGLE-VALUE', FLAG],
    ['COLLECTIVE', FLAG],
    ['NO-USER-MODIFICATION', FLAG],
    ['USAGE', OID],
  ]),
  objectClass: new Map([
    ...COMMON,
    ['SUP', OIDS],
    ['ABSTRACT', FLAG],
    ['STRUCTURAL', FLAG],
    ['AUXILIARY', FLAG],
    ['MUST', OIDS],
    ['MAY', OIDS],
  ]),
};

/** The form of a clause by its keyword in capitals; `undefined` where the element has no such clause. */
export function clauseForm(element: SchemaElement['element'], keyword: string): ClauseForm | undefined {
  return FORMS[element].get(keyword) ?? (/^X-[A-Z_-]+$/.test(keyword) ? TEXTS : undefined);
}
