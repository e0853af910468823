import { type Clauses, readClauses, type ReportFault, splitOid } from './clauses.ts';
import {
  ATTRIBUTE_USAGES,
  type AttributeType,
  type AttributeUsage,
  type ContentRule,
  type Definition,
  type DefinitionSource,
  ELEMENT_WORDS,
  type LdapSyntax,
  OBJECT_CLASS_KINDS,
  type ObjectClass,
  type ObjectClassKind,
  type SchemaElement,
} from './definition.ts';
import { NUMERIC_OID, type OidMacros, resolveOid } from './oid-macros.ts';
import { type Token, tokenize } from './tokenize.ts';

export interface DefinitionContext {
  readonly macros: OidMacros;
  readonly source: DefinitionSource | undefined;
  /** Whose rules hold: those of slapd for what it is to load, or those of any server for what it publishes. */
  readonly grammar: 'slapd' | 'any server';
  /** Takes a sentence that names the definition, and a place: characters from the start of the definition. */
  readonly report: ReportFault;
}

/** What all kinds of definition are made from. */
interface Parts {
  readonly oid: string;
  readonly clauses: Clauses;
}

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const SYNTAX = /^([^{}]+)(?:\{(\d*)\})?$/;
/** Lengths are C integers to slapd. */
const LONGEST = 0x7fffffff;
const REFERENCES = ['SUP', 'EQUALITY', 'ORDERING', 'SUBSTR', 'MUST', 'MAY', 'AUX', 'NOT'] as const;

type ReadElement = (text: string, context: DefinitionContext) => SchemaElement | undefined;

/** How each kind of definition of RFC 4512 section 4.1 is read; `undefined` after faults, all of which were reported. */
export const READERS: Readonly<Record<SchemaElement['element'], ReadElement>> = {
  ldapSyntax: readLdapSyntax,
  attributeType: readAttributeType,
  objectClass: readObjectClass,
  contentRule: readContentRule,
};

function readLdapSyntax(text: string, context: DefinitionContext): LdapSyntax | undefined {
  return reportingFaults('ldapSyntax', text, context, (parts) => ({
    element: 'ldapSyntax',
    ...commonOf(parts, context),
  }));
}

function readAttributeType(text: string, context: DefinitionContext): AttributeType | undefined {
  return reportingFaults('attributeType', text, context, ({ oid, clauses }, report) => {
    if (!has(clauses, 'SUP') && !has(clauses, 'SYNTAX')) report('it has neither SUP nor SYNTAX', 0);
    return {
      element: 'attributeType',
      ...commonOf({ oid, clauses }, context),
      sup: first(clauses, 'SUP'),
      equality: first(clauses, 'EQUALITY'),
      ordering: first(clauses, 'ORDERING'),
      substr: first(clauses, 'SUBSTR'),
      ...syntaxOf(clauses, context.macros, report),
      singleValue: has(clauses, 'SINGLE-VALUE'),
      collective: has(clauses, 'COLLECTIVE'),
      noUserModification: has(clauses, 'NO-USER-MODIFICATION'),
      usage: usageOf(clauses, report),
    };
  });
}

function readObjectClass(text: string, context: DefinitionContext): ObjectClass | undefined {
  return reportingFaults('objectClass', text, context, ({ oid, clauses }, report) => {
    if (clauses.byKeyword.get('NAME')?.values.length === 0)
      report('NAME ( ) has no name, which makes slapd crash', clauses.byKeyword.get('NAME')?.offset ?? 0);
    return {
      element: 'objectClass',
      ...commonOf({ oid, clauses }, context),
      sup: all(clauses, 'SUP'),
      kind: kindOf(clauses, report),
      must: all(clauses, 'MUST'),
      may: all(clauses, 'MAY'),
    };
  });
}

function readContentRule(text: string, context: DefinitionContext): ContentRule | undefined {
  return reportingFaults('contentRule', text, context, ({ oid, clauses }) => ({
    element: 'contentRule',
    ...commonOf({ oid, clauses }, context),
    aux: all(clauses, 'AUX'),
    must: all(clauses, 'MUST'),
    may: all(clauses, 'MAY'),
    not: all(clauses, 'NOT'),
  }));
}

function reportingFaults<T>(
  element: SchemaElement['element'],
  text: string,
  context: DefinitionContext,
  build: (parts: Parts, report: ReportFault) => T,
): T | undefined {
  const tokens = tokenize(text);
  let faults = 0;
  const report: ReportFault = (fault, offset) => {
    faults += 1;
    context.report(`${ELEMENT_WORDS[element]} ${labelIn(tokens)}: ${fault}.`, offset);
  };
  const [open, word, ...rest] = tokens;
  if (open?.kind !== '(' || word?.kind !== 'word') {
    report('a definition starts with "(" and an OID', 0);
    return undefined;
  }
  const [oidWord, ...more] = splitOid(word);
  const oid = resolveOid(oidWord.text, context.macros);
  if (oid === undefined)
    report(`"${oidWord.text}" is neither a numeric OID nor made from a macro defined above`, oidWord.offset);
  const quotesAnywhere = context.grammar === 'any server';
  const clauses = readClauses([...more, ...rest], { element, quotesAnywhere, report });
  checkNames(clauses, report);
  const definition = build({ oid: oid ?? oidWord.text, clauses }, report);
  return faults === 0 ? definition : undefined;
}

/** The first name, even of a definition that cannot be read to its end; else its OID as written. */
function labelIn(tokens: readonly Token[]): string {
  const keyword = tokens.findIndex(({ kind, text }) => kind === 'word' && text.toUpperCase() === 'NAME');
  const name = keyword < 0 ? undefined : tokens.slice(keyword + 1, keyword + 3).find(isQuoted);
  return name?.text ?? tokens.find(({ kind }) => kind === 'word')?.text ?? '(no OID)';
}

function isQuoted({ kind }: Token): boolean {
  return kind === 'quoted';
}

function checkNames(clauses: Clauses, report: ReportFault): void {
  const offset = (keyword: string): number => clauses.byKeyword.get(keyword)?.offset ?? 0;
  for (const name of all(clauses, 'NAME').filter((one) => !NAME.test(one)))
    report(`"${name}" cannot be a name: names are letters, digits and hyphens`, offset('NAME'));
  for (const keyword of REFERENCES)
    for (const name of all(clauses, keyword).filter((one) => !NAME.test(one) && !NUMERIC_OID.test(one)))
      report(`${keyword} names "${name}", which is neither a name nor a numeric OID`, offset(keyword));
}

function commonOf({ oid, clauses }: Parts, { source }: DefinitionContext): Definition {
  return {
    oid,
    names: all(clauses, 'NAME'),
    description: first(clauses, 'DESC'),
    obsolete: has(clauses, 'OBSOLETE'),
    extensions: clauses.extensions,
    source,
  };
}

function syntaxOf(
  clauses: Clauses,
  macros: OidMacros,
  report: ReportFault,
): Pick<AttributeType, 'syntax' | 'syntaxLength'> {
  const clause = clauses.byKeyword.get('SYNTAX');
  const text = clause?.values[0];
  if (clause === undefined || text === undefined) return { syntax: undefined, syntaxLength: undefined };
  const [, oid = text, digits = ''] = SYNTAX.exec(text) ?? [];
  const syntax = resolveOid(oid, macros);
  if (syntax === undefined)
    report(`SYNTAX "${text}" is neither a numeric OID nor made from a macro defined above`, clause.offset);
  const length = Number(digits);
  if (length > LONGEST) report(`the length of SYNTAX "${text}" is more than ${LONGEST}`, clause.offset);
  return { syntax, syntaxLength: length === 0 ? undefined : length };
}

function usageOf(clauses: Clauses, report: ReportFault): AttributeUsage {
  const text = first(clauses, 'USAGE');
  if (text === undefined) return 'userApplications';
  const usage = ATTRIBUTE_USAGES.find((one) => one.toLowerCase() === text.toLowerCase());
  if (usage === undefined)
    report(
      `USAGE "${text}" is none of ${ATTRIBUTE_USAGES.join(', ')}`,
      clauses.byKeyword.get('USAGE')?.offset ?? 0,
    );
  return usage ?? 'userApplications';
}

/** STRUCTURAL where none is given (RFC 4512 section 4.1.1). */
function kindOf(clauses: Clauses, report: ReportFault): ObjectClassKind {
  const [kind, other] = OBJECT_CLASS_KINDS.filter((one) => has(clauses, one));
  if (kind !== undefined && other !== undefined)
    report(`it is ${kind} and ${other} at once`, clauses.byKeyword.get(other)?.offset ?? 0);
  return kind ?? 'STRUCTURAL';
}

function has(clauses: Clauses, keyword: string): boolean {
  return clauses.byKeyword.has(keyword);
}

function all(clauses: Clauses, keyword: string): readonly string[] {
  return clauses.byKeyword.get(keyword)?.values ?? [];
}

function first(clauses: Clauses, keyword: string): string | undefined {
  return all(clauses, keyword)[0];
}
