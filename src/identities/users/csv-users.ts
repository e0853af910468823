import { pipeline, Readable } from 'node:stream';
import type { CsvError } from 'csv-parse';
import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { LIMITS, sizeText } from '../../bounded-input.ts';
import { didYouMean } from '../../did-you-mean.ts';
import { strictChunks } from '../../strict-text.ts';
import type { User } from '../identities.ts';
import { faultOfText } from '../read/read-value.ts';
import { problemAt, type Position } from '../read/source.ts';
import { BATCH, type OnProblem, type UserSource } from './user-source.ts';

const COLUMNS = ['name', 'id', 'password', 'email', 'enabled', 'tenant', 'description'] as const;
type Column = (typeof COLUMNS)[number];
type Fields = Partial<Record<Column, string>>;

/** Opens the file from its start. */
export type OpenFile = (path: string) => AsyncIterable<Uint8Array>;

/**
 * Users of a CSV file (RFC 4180) whose first line names the columns, and by that tells whether commas, semicolons (as
 * Excel writes them in much of Europe) or tabs part them. An empty field is one that is not given; `enabled` is `true`
 * unless it says `false`.
 */
export function csvUsers(file: string, open: OpenFile): UserSource {
  return { subject: file, users: (onProblem) => readCsv(file, strictChunks(open(file), file), onProblem) };
}

/** One record with the line on which it ends and its number, as csv-parse tells them. */
interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number; readonly records: number };
}

async function* readCsv(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  onProblem: OnProblem,
): AsyncGenerator<readonly User[]> {
  // Loaded only where there is a CSV file: no other seed shall wait for it.
  const csv = await import('csv-parse');
  const { head, whole } = await peek(bytes);
  const { delimiter, skipped } = separatorOf(head);
  const parser = csv.parse({
    ...{ info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: LIMITS.record },
    ...{ delimiter, from_line: skipped + 1 },
  });
  // An error of either end comes out of the parser, and so to whoever reads.
  const rows = pipeline(Readable.from(whole), parser, () => undefined) as AsyncIterable<Row>;
  let reader: RowReader | undefined;
  let users: User[] = [];
  try {
    for await (const { record, info } of rows) {
      const at = { file, line: info.lines, column: 1 };
      if (reader === undefined) reader = new RowReader(columnsOf(record, at, delimiter), onProblem);
      else {
        const user = reader.user(record, at);
        if (user !== undefined) users.push(user);
      }
      // Rows at fault count too, so that who reads can stop at enough of them.
      if (info.records % BATCH > 0) continue;
      yield users;
      users = [];
    }
  } catch (error) {
    if (!(error instanceof csv.CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    onProblem(problemAt({ file, line, column: 1 }, `not valid CSV: ${faultOf(error)}`));
  }
  yield users;
}

/** Its own text repeats the field, which may be a password. */
function faultOf({ code }: CsvError): string {
  return CSV_FAULTS[code] ?? 'it cannot be read';
}

const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: `a record is larger than ${sizeText(LIMITS.record)}; does a quoted field end?`,
  CSV_QUOTE_NOT_CLOSED: 'a quoted field does not end',
  CSV_INVALID_CLOSING_QUOTE: 'a quoted field goes on behind its closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands within a field that does not start with one',
};

/** @throws `INPUT_INVALID`: with other columns every row would be at fault */
function columnsOf(header: readonly string[], at: Position, delimiter: string): readonly Column[] {
  const columns = header.map(columnName);
  const unknown = columns.filter((name) => !isColumn(name));
  const problems = [
    ...unknown.map(
      (name) => `unknown column "${name}"${didYouMean(name, COLUMNS) || `; known: ${COLUMNS.join(', ')}`}`,
    ),
    ...(columns.includes('name') ? [] : ['there is no column "name"']),
    ...columns
      .filter((name, index) => columns.indexOf(name) < index)
      .map((name) => `column "${name}" is listed twice`),
  ].map((message) => problemAt(at, message));
  if (problems.length === 0) return columns.filter(isColumn);
  throw new KeystoneLdapError('INPUT_INVALID', `${at.file} is not a valid user list.`, {
    problems,
    hint: columns.some((name) => LAM_COLUMN.test(name))
      ? 'This is an upload file of LDAP Account Manager: rename posixAccount_userName (or inetOrgPerson_userName) to name, inetOrgPerson_email to email and posixAccount_password to password, and take the other columns out.'
      : `Its first line names the columns, such as ${['name', 'password', 'email'].join(delimiter)}; see docs/identities.md.`,
  });
}

const LAM_COLUMN = /^(?:dn_suffix|dn_rdn|(?:inetorgperson|posixaccount|shadowaccount|windowsuser)_\w+)$/;

function columnName(field: string): string {
  return field.trim().toLowerCase();
}

function isColumn(name: string): name is Column {
  return (COLUMNS as readonly string[]).includes(name);
}

/** What parts the fields, and how many lines go before the names of the columns. */
interface Separator {
  readonly delimiter: string;
  readonly skipped: number;
}

const DELIMITERS = [',', ';', '\t'];

/** That by which the first line falls into the most columns that are known; a line `sep=;` says it itself. */
function separatorOf(head: string): Separator {
  const [first = '', second = ''] = head.split(/\r\n|\n|\r/, 2);
  const told = /^sep=(.)$/.exec(first)?.[1];
  if (told !== undefined) return { delimiter: told, skipped: 1 };
  const header = first === '' ? second : first;
  const score = (delimiter: string): number => {
    const names = header.split(delimiter).map((field) => columnName(field.replace(/^\s*"(.*)"\s*$/, '$1')));
    const known = names.filter(isColumn).length;
    // Where no name is known, the most fields tell at least which names the message is to tell.
    return known === 0 ? names.length / 1000 : known;
  };
  const scores = DELIMITERS.map(score);
  return { delimiter: DELIMITERS[scores.indexOf(Math.max(...scores))] ?? ',', skipped: 0 };
}

/** Much longer than any line of names. */
const LONGEST_HEAD = 64 * 1024;

/** The beginning of a file, at least its first two lines where it is not very long, and the file as it was. */
async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: string; readonly whole: AsyncIterable<Uint8Array> }> {
  const rest = bytes[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let length = 0;
  let head = '';
  while (length < LONGEST_HEAD && !/\n.*\n/s.test(head)) {
    const next = await rest.next();
    if (next.done === true) break;
    seen.push(next.value);
    length += next.value.length;
    head = Buffer.concat(seen).toString('utf8');
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* seen;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { head, whole: whole() };
}

class RowReader {
  readonly #columns: readonly Column[];
  readonly #onProblem: OnProblem;

  constructor(columns: readonly Column[], onProblem: OnProblem) {
    this.#columns = columns;
    this.#onProblem = onProblem;
  }

  user(record: readonly string[], source: Position): User | undefined {
    const { fields, faults } = this.#fields(record);
    const { name, password, enabled = 'true', ...rest } = fields;
    if (name === undefined && faults.length === 0) faults.push('"name" is empty');
    if (!/^(?:true|false)$/i.test(enabled)) faults.push('"enabled" must be true or false');
    for (const fault of faults) this.#onProblem(problemAt(source, fault));
    if (name === undefined || faults.length > 0) return undefined;
    const isEnabled = enabled.toLowerCase() === 'true';
    return { name, enabled: isEnabled, ...rest, ...(password && { password: new Secret(password) }), source };
  }

  #fields(record: readonly string[]): { readonly fields: Fields; readonly faults: string[] } {
    const faults: string[] = [];
    const fields: Fields = {};
    if (record.length !== this.#columns.length)
      faults.push(`the line has ${record.length} fields, and ${this.#columns.length} columns are named`);
    for (const [index, column] of this.#columns.entries()) {
      const text = record[index] ?? '';
      const fault = text === '' ? undefined : faultOfText(text);
      if (fault !== undefined) faults.push(`"${column}" ${fault}`);
      if (text !== '') fields[column] = text;
    }
    return { fields, faults };
  }
}
