import type { AttributeType, ContentRule, ObjectClass, SchemaElement } from './definition.ts';
import { quote } from './tokenize.ts';

const LIST_WIDTH = 70;

/** One line of RFC 4512 section 4.1, as a value of cn=config. */
export function formatDefinition(definition: SchemaElement): string {
  return definitionLines(definition)
    .map((line) => line.trimStart())
    .join(' ');
}

/** The same with a line for each clause; lines that continue a list are indented. */
export function definitionLines(definition: SchemaElement): readonly string[] {
  const { oid, names, description, obsolete, extensions } = definition;
  const clauses = [
    ...text('DESC', description),
    ...flag('OBSOLETE', obsolete),
    ...ownClauses(definition),
    ...extensions.map(({ keyword, values }) => `${keyword} ${quotedList(values)}`),
  ];
  const head = names.length === 0 ? `( ${oid}` : `( ${oid} NAME ${quotedList(names)}`;
  const lines = [head, ...clauses];
  return lines.with(-1, `${lines.at(-1) ?? ''} )`);
}

function ownClauses(definition: SchemaElement): readonly string[] {
  switch (definition.element) {
    case 'ldapSyntax':
      return [];
    case 'attributeType':
      return attributeClauses(definition);
    case 'objectClass':
      return classClauses(definition);
    case 'contentRule':
      return ruleClauses(definition);
  }
}

function attributeClauses(definition: AttributeType): readonly string[] {
  const { syntax, syntaxLength, usage } = definition;
  const length = syntaxLength === undefined ? '' : `{${syntaxLength}}`;
  return [
    ...word('SUP', definition.sup),
    ...word('EQUALITY', definition.equality),
    ...word('ORDERING', definition.ordering),
    ...word('SUBSTR', definition.substr),
    ...word('SYNTAX', syntax && syntax + length),
    ...flag('SINGLE-VALUE', definition.singleValue),
    ...flag('COLLECTIVE', definition.collective),
    ...flag('NO-USER-MODIFICATION', definition.noUserModification),
    ...word('USAGE', usage === 'userApplications' ? undefined : usage),
  ];
}

function classClauses({ sup, kind, must, may }: ObjectClass): readonly string[] {
  const superior = sup.length === 0 ? kind : `${oidList('SUP', sup).join(' ')} ${kind}`;
  return [superior, ...oidList('MUST', must), ...oidList('MAY', may)];
}

function ruleClauses({ aux, must, may, not }: ContentRule): readonly string[] {
  return [...oidList('AUX', aux), ...oidList('MUST', must), ...oidList('MAY', may), ...oidList('NOT', not)];
}

function text(keyword: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${keyword} ${quote(value)}`];
}

function word(keyword: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${keyword} ${value}`];
}

function flag(keyword: string, set: boolean): readonly string[] {
  return set ? [keyword] : [];
}

function quotedList(values: readonly string[]): string {
  const quoted = values.map(quote);
  return values.length === 1 ? quoted.join(' ') : ['(', ...quoted, ')'].join(' ');
}

/** `MAY ( a $ b )`, on as many lines as it takes. */
function oidList(keyword: string, oids: readonly string[]): readonly string[] {
  if (oids.length <= 1) return oids.map((oid) => `${keyword} ${oid}`);
  const lines = [`${keyword} (`];
  for (const [index, oid] of oids.entries()) {
    const item = index === 0 ? oid : `$ ${oid}`;
    const line = `${lines.at(-1) ?? ''} ${item}`;
    if (line.length <= LIST_WIDTH) lines.splice(-1, 1, line);
    else lines.push(`    ${item}`);
  }
  return lines.with(-1, `${lines.at(-1) ?? ''} )`);
}
