/** What a value must look like for its syntax. */
export type ValueKind = 'text' | 'dn' | 'number' | 'boolean' | 'country' | 'time' | 'uuid' | 'unsupported';

const SYNTAX = '1.3.6.1.4.1.1466.115.121.1.';

const KINDS: Readonly<Record<string, ValueKind>> = {
  [`${SYNTAX}7`]: 'boolean',
  [`${SYNTAX}11`]: 'country',
  [`${SYNTAX}12`]: 'dn',
  [`${SYNTAX}34`]: 'dn',
  [`${SYNTAX}24`]: 'time',
  [`${SYNTAX}27`]: 'number',
  [`${SYNTAX}36`]: 'number',
  '1.3.6.1.1.16.1': 'uuid',
};

/** Those that take text of the letters, digits and signs that new names are made of. */
const TEXTS = new Set([15, 22, 26, 40, 41, 44, 50].map((number) => `${SYNTAX}${number}`));

/** A server may publish an attribute without a syntax; most are text. */
export function kindOfSyntax(syntax: string | undefined): ValueKind {
  if (syntax === undefined || TEXTS.has(syntax)) return 'text';
  return KINDS[syntax] ?? 'unsupported';
}

/** Before OpenLDAP 2.5 and in other servers, a country is text. */
export function isCountry(oid: string | undefined): boolean {
  return oid === '2.5.4.6';
}

/** A value to put in the place of one that must be there and is not shown. */
export const STAND_INS: Readonly<Record<ValueKind, string>> = {
  text: 'missing',
  dn: 'cn=missing',
  number: '1',
  boolean: 'TRUE',
  country: 'DE',
  time: '20000101000000Z',
  uuid: '00000000-0000-4000-8000-000000000000',
  unsupported: 'missing',
};
