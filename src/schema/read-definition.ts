import { type Clauses, readClauses, type ReportFault } from './clauses.ts';
import {
  ATTRIBUTE_USAGES,
  type AttributeType,
  type AttributeUsage,
  type Definition,
  type DefinitionSource,
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
  /** Takes a sentence that names the definition, and a place: characters from the start of the definition. */
  readonly report: ReportFault;
}

/** What both kinds of definition are made from. */
interface Parts {
  readonly oid: string;
  readonly clauses: Clauses;
}

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const SYNTAX = /^([^{}]+)(?:\{(\d+)\})?$/;
const REFERENCES = ['SUP', 'EQUALITY', 'ORDERING', 'SUBSTR', 'MUST', 'MAY'] as const;
const WORDS = { attributeType: 'attribute type', objectClass: 'object class' } as const;

/** Reads one definition of RFC 4512 section 4.1.2; `undefined` after faults, all of which were reported. */
export function readAttributeType(text: string, context: DefinitionContext): AttributeType | undefined {
  return reportingFaults('attributeType', text, context, ({ oid, clauses }, report) => {
    if (!clauses.has('SUP') && !clauses.has('SYNTAX')) report('it has neither SUP nor SYNTAX', 0);
    return {
      element: 'attributeType',
      ...commonOf({ oid, clauses }, context),
      sup: first(clauses, 'SUP'),
      equality: first(clauses, 'EQUALITY'),
      ordering: first(clauses, 'ORDERING'),
      substr: first(clauses, 'SUBSTR'),
      ...syntaxOf(clauses, context.macros, report),
      singleValue: clauses.has('SINGLE-VALUE'),
      collective: clauses.has('COLLECTIVE'),
      noUserModification: clauses.has('NO-USER-MODIFICATION'),
      usage: usageOf(clauses, report),
    };
  });
}

/** Reads one definition of RFC 4512 section 4.1.1; `undefined` after faults, all of which were reported. */
export function readObjectClass(text: string, context: DefinitionContext): ObjectClass | undefined {
  return reportingFaults('objectClass', text, context, ({ oid, clauses }, report) => ({
    element: 'objectClass',
    ...commonOf({ oid, clauses }, context),
    sup: all(clauses, 'SUP'),
    kind: kindOf(clauses, report),
    must: all(clauses, 'MUST'),
    may: all(clauses, 'MAY'),
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
    context.report(`${WORDS[element]} ${labelIn(tokens)}: ${fault}.`, offset);
  };
  const oid = readOid(tokens, context.macros, report);
  if (oid === undefined) return undefined;
  const clauses = readClauses(tokens, 2, element, report);
  checkNames(clauses, report);
  const definition = build({ oid, clauses }, report);
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

function readOid(tokens: readonly Token[], macros: OidMacros, report: ReportFault): string | undefined {
  const [open, word] = tokens;
  if (open?.kind !== '(' || word?.kind !== 'word') {
    report('a definition starts with "(" and an OID', 0);
    return undefined;
  }
  const oid = resolveOid(word.text, macros);
  if (oid === undefined)
    report(`"${word.text}" is neither a numeric OID nor made from a macro defined above`, word.offset);
  return oid ?? word.text;
}

function checkNames(clauses: Clauses, report: ReportFault): void {
  const offset = (keyword: string): number => clauses.get(keyword)?.offset ?? 0;
  for (const name of all(clauses, 'NAME').filter((one) => !NAME.test(one)))
    report(`"${name}" cannot be a name: names are letters, digits and hyphens`, offset('NAME'));
  for (const keyword of REFERENCES)
    for (const name of all(clauses, keyword).filter((one) => !NAME.test(one) && !NUMERIC_OID.test(one)))
      report(`${keyword} names "${name}", which is neither a name nor a numeric OID`, offset(keyword));
}

function commonOf({ oid, clauses }: Parts, { source }: DefinitionContext): Definition {
  const extensions = [...clauses].filter(([keyword]) => keyword.startsWith('X-'));
  return {
    oid,
    names: all(clauses, 'NAME'),
    description: first(clauses, 'DESC'),
    obsolete: clauses.has('OBSOLETE'),
    extensions: Object.fromEntries(extensions.map(([keyword, { values }]) => [keyword, values])),
    source,
  };
}

function syntaxOf(
  clauses: Clauses,
  macros: OidMacros,
  report: ReportFault,
): Pick<AttributeType, 'syntax' | 'syntaxLength'> {
  const clause = clauses.get('SYNTAX');
  const text = clause?.values[0];
  if (clause === undefined || text === undefined) return { syntax: undefined, syntaxLength: undefined };
  const [, oid = text, length] = SYNTAX.exec(text) ?? [];
  const syntax = resolveOid(oid, macros);
  if (syntax === undefined)
    report(`SYNTAX "${text}" is neither a numeric OID nor made from a macro defined above`, clause.offset);
  return { syntax, syntaxLength: length === undefined ? undefined : Number(length) };
}

function usageOf(clauses: Clauses, report: ReportFault): AttributeUsage {
  const text = first(clauses, 'USAGE');
  if (text === undefined) return 'userApplications';
  const usage = ATTRIBUTE_USAGES.find((one) => one.toLowerCase() === text.toLowerCase());
  if (usage === undefined)
    report(`USAGE "${text}" is none of ${ATTRIBUTE_USAGES.join(', ')}`, clauses.get('USAGE')?.offset ?? 0);
  return usage ?? 'userApplications';
}

/** STRUCTURAL where none is given (RFC 4512 section 4.1.1). */
function kindOf(clauses: Clauses, report: ReportFault): ObjectClassKind {
  const [kind, other] = OBJECT_CLASS_KINDS.filter((one) => clauses.has(one));
  if (kind !== undefined && other !== undefined)
    report(`it is ${kind} and ${other} at once`, clauses.get(other)?.offset ?? 0);
  return kind ?? 'STRUCTURAL';
}

function all(clauses: Clauses, keyword: string): readonly string[] {
  return clauses.get(keyword)?.values ?? [];
}

function first(clauses: Clauses, keyword: string): string | undefined {
  return all(clauses, keyword)[0];
}
