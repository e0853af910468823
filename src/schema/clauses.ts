import { clauseForm, type ClauseForm, keywordOf } from './clause-forms.ts';
import type { Extension, SchemaElement } from './definition.ts';
import type { Token } from './tokenize.ts';

/** A clause's values (none for a flag) and the offset of its keyword. */
interface Clause {
  readonly values: readonly string[];
  readonly offset: number;
}

/** Clauses by their keyword in capitals, and those that may be repeated. */
export interface Clauses {
  readonly byKeyword: ReadonlyMap<string, Clause>;
  readonly extensions: readonly Extension[];
}

/** Takes a fault and where it is: characters from the start of the definition. */
export type ReportFault = (fault: string, offset: number) => void;

/** How a definition is read. */
export interface Reading {
  readonly element: SchemaElement['element'];
  /** slapd refuses quotes where most servers' tools have been seen to write them. */
  readonly quotesAnywhere: boolean;
  readonly report: ReportFault;
}

/** Tokens and the place of the next one to be read. */
interface Cursor {
  readonly tokens: Token[];
  at: number;
}

/**
 * Reads the clauses of the tokens up to the closing parenthesis; what follows it means nothing to slapd. After a
 * fault, reading goes on with the next keyword, so that all faults of a definition are told at once.
 */
export function readClauses(tokens: readonly Token[], reading: Reading): Clauses {
  const { report } = reading;
  const cursor: Cursor = { tokens: [...tokens], at: 0 };
  const byKeyword = new Map<string, Clause>();
  const extensions: Extension[] = [];
  for (let token = cursor.tokens[0]; token?.kind !== ')'; token = cursor.tokens[cursor.at]) {
    if (token === undefined) {
      report('the closing parenthesis is missing', tokens.at(-1)?.offset ?? 0);
      break;
    }
    const keyword = keywordOf(token.text);
    if (byKeyword.has(keyword)) report(`${keyword} is given twice`, token.offset);
    const values = readClause(cursor, reading);
    if (values === undefined) skipToKeyword(cursor, reading);
    if (keyword.startsWith('X-')) extensions.push({ keyword, values: values ?? [] });
    else byKeyword.set(keyword, { values: values ?? [], offset: token.offset });
  }
  return { byKeyword, extensions };
}

/** The values of the clause at the cursor; `undefined` after a fault. */
function readClause(
  cursor: Cursor,
  { element, quotesAnywhere, report }: Reading,
): readonly string[] | undefined {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) return undefined;
  cursor.at += 1;
  const form = token.kind === 'word' ? clauseForm(element, token.text) : undefined;
  if (form === undefined) {
    report(token.kind === 'word' ? `"${token.text}" is no keyword here` : misplaced(token), token.offset);
    return undefined;
  }
  const values = readValues(cursor, quotesAnywhere ? { ...form, takesQuotes: true } : form);
  if (values !== undefined) return values;
  const found = cursor.tokens[cursor.at] ?? token;
  report(`${token.text} needs ${form.wording}; ${misplaced(found)}`, found.offset);
  return undefined;
}

function misplaced({ kind, text }: Token): string {
  if (kind === 'unclosed quote') return `the quote before "${text.slice(1, 21)}" is not closed`;
  return kind === 'quoted' ? `'${text}' in quotes does not fit here` : `"${text}" does not fit here`;
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
  if (form.takesNothing === true && take(cursor, ')')) return values;
  for (;;) {
    const value = readItem(cursor, form);
    if (value === undefined) return undefined;
    values.push(value);
    if (take(cursor, ')')) return values;
    if (form.separator === '$' && !take(cursor, '$')) return undefined;
  }
}

function readItem(cursor: Cursor, form: ClauseForm): string | undefined {
  const token = cursor.tokens[cursor.at];
  if (token?.kind === 'quoted' && (form.item === 'quoted' || form.takesQuotes === true)) {
    cursor.at += 1;
    return token.text;
  }
  if (token?.kind !== 'word' || form.item === 'quoted') return undefined;
  if (form.item === 'syntax') return readSyntax(cursor, token);
  cursor.at += 1;
  return token.text;
}

/** An OID and the length after it; whatever follows them at once is the next word. */
function readSyntax(cursor: Cursor, word: Token): string {
  const [oid, ...rest] = splitOid(word);
  cursor.tokens.splice(cursor.at, 1, oid, ...rest);
  cursor.at += 1;
  const next = cursor.tokens[cursor.at];
  const hasLength = next?.kind === 'length' && next.offset === oid.offset + oid.text.length;
  if (!hasLength) return oid.text;
  cursor.at += 1;
  return oid.text + next.text;
}

/** slapd ends a numeric OID at the first character that cannot be of it: `1.2.3NAME` is two words. */
export function splitOid(word: Token): readonly [Token, ...Token[]] {
  const digits = /^\d+(?:\.\d+)*(?![\d.])/.exec(word.text)?.[0] ?? word.text;
  if (digits === word.text) return [word];
  const rest = { ...word, text: word.text.slice(digits.length), offset: word.offset + digits.length };
  return [{ ...word, text: digits }, rest];
}

function take(cursor: Cursor, kind: Token['kind']): boolean {
  const taken = cursor.tokens[cursor.at]?.kind === kind;
  if (taken) cursor.at += 1;
  return taken;
}

/** Goes on to the next keyword, or to the last token where that closes the definition. */
function skipToKeyword(cursor: Cursor, { element }: Reading): void {
  const { tokens } = cursor;
  const end = tokens.at(-1)?.kind === ')' ? tokens.length - 1 : tokens.length;
  while (cursor.at < end && !isKeyword(tokens[cursor.at], element)) cursor.at += 1;
}

function isKeyword(token: Token | undefined, element: SchemaElement['element']): boolean {
  return token?.kind === 'word' && clauseForm(element, token.text) !== undefined;
}
