import { clauseForm, type ClauseForm } from './clause-forms.ts';
import type { SchemaElement } from './definition.ts';
import type { Token } from './tokenize.ts';

/** A clause's values (none for a flag) and the offset of its keyword. */
interface Clause {
  readonly values: readonly string[];
  readonly offset: number;
}

/** Clauses by their keyword in capitals. */
export type Clauses = ReadonlyMap<string, Clause>;

/** Takes a fault and where it is: characters from the start of the definition. */
export type ReportFault = (fault: string, offset: number) => void;

/** Tokens and the place of the next one to be read. */
interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

/**
 * Reads the clauses from token `start` up to the closing parenthesis. After a fault, reading goes on with the next
 * keyword, so that all faults of a definition are told at once.
 */
export function readClauses(
  tokens: readonly Token[],
  start: number,
  element: SchemaElement['element'],
  report: ReportFault,
): Clauses {
  const cursor: Cursor = { tokens, at: start };
  const clauses = new Map<string, Clause>();
  for (let token = tokens[start]; token?.kind !== ')'; token = tokens[cursor.at]) {
    if (token === undefined) {
      report('the closing parenthesis is missing', tokens.at(-1)?.offset ?? 0);
      return clauses;
    }
    const keyword = token.text.toUpperCase();
    if (clauses.has(keyword)) report(`${keyword} is given twice`, token.offset);
    const values = readClause(cursor, element, report);
    if (values === undefined) skipToKeyword(cursor, element);
    clauses.set(keyword, { values: values ?? [], offset: token.offset });
  }
  const after = tokens[cursor.at + 1];
  if (after !== undefined) report(`"${after.text}" follows the closing parenthesis`, after.offset);
  return clauses;
}

/** The values of the clause at the cursor; `undefined` after a fault. */
function readClause(
  cursor: Cursor,
  element: SchemaElement['element'],
  report: ReportFault,
): readonly string[] | undefined {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) return undefined;
  cursor.at += 1;
  const form = token.kind === 'word' ? clauseForm(element, token.text.toUpperCase()) : undefined;
  if (form === undefined) {
    report(token.kind === 'word' ? `"${token.text}" is no keyword here` : misplaced(token), token.offset);
    return undefined;
  }
  const values = readValues(cursor, form);
  if (values !== undefined) return values;
  const found = cursor.tokens[cursor.at] ?? token;
  report(`${token.text} needs ${form.wording}; ${misplaced(found)}`, found.offset);
  return undefined;
}

function misplaced({ kind, text }: Token): string {
  return kind === 'unclosed quote'
    ? `the quote before "${text.slice(1, 21)}" is not closed`
    : `"${text}" does not fit here`;
}

/** The values, or `undefined` with the cursor on the token that does not fit. */
function readValues(cursor: Cursor, form: ClauseForm): readonly string[] | undefined {
  if (form.item === 'none') return [];
  if (form.separator !== 'none' && take(cursor, '(')) return readList(cursor, form);
  const value = readItem(cursor, form);
  return value === undefined ? undefined : [value];
}

function readList(cursor: Cursor, form: ClauseForm): readonly string[] | undefined {
  const values: string[] = [];
  for (;;) {
    const value = readItem(cursor, form);
    if (value === undefined) return undefined;
    values.push(value);
    if (take(cursor, ')')) return values;
    if (form.separator === '$' && !take(cursor, '$')) return undefined;
  }
}

/** OIDs may be in quotes too, as the older RFC 2252 had them. */
function readItem(cursor: Cursor, form: ClauseForm): string | undefined {
  const token = cursor.tokens[cursor.at];
  const fits = token?.kind === 'quoted' || (token?.kind === 'word' && form.item === 'oid');
  if (token === undefined || !fits) return undefined;
  cursor.at += 1;
  return token.text;
}

function take(cursor: Cursor, kind: Token['kind']): boolean {
  const taken = cursor.tokens[cursor.at]?.kind === kind;
  if (taken) cursor.at += 1;
  return taken;
}

/** Goes on to the next keyword, or to the last token where that closes the definition. */
function skipToKeyword(cursor: Cursor, element: SchemaElement['element']): void {
  const { tokens } = cursor;
  const end = tokens.at(-1)?.kind === ')' ? tokens.length - 1 : tokens.length;
  while (cursor.at < end && !isKeyword(tokens[cursor.at], element)) cursor.at += 1;
}

function isKeyword(token: Token | undefined, element: SchemaElement['element']): boolean {
  return token?.kind === 'word' && clauseForm(element, token.text) !== undefined;
}
