import { LIMITS, sizeText } from '../../bounded-input.ts';
import { isDn, rdnOf } from '../../directory/dn.ts';
import { hasObjectClass, valuesOf } from '../../directory/entry.ts';
import { readRecords, type LdifRecord } from '../../directory/ldif.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { strictChunks } from '../../strict-text.ts';
import type { OpenFile } from './csv-users.ts';
import type { User } from '../identities.ts';
import { faultOfText } from '../read/read-value.ts';
import { problemAt } from '../read/source.ts';
import type { OnProblem, UserSource } from './user-source.ts';

/** Entries of other classes are not people: containers, groups, machines. */
const PEOPLE = ['person', 'organizationalPerson', 'inetOrgPerson', 'account', 'posixAccount', 'user'];
/** ACCOUNTDISABLE of userAccountControl. */
const DISABLED = 2;

/**
 * The people of an LDIF file that another directory has written, whatever its tree: the name is `uid`, else what the RDN
 * says, then `mail`, `description`, and whether the account is locked. A password that is hashed is kept as it is.
 */
export function ldifUsers(file: string, open: OpenFile): UserSource {
  return { subject: file, users: (onProblem) => readLdif(file, strictChunks(open(file), file), onProblem) };
}

async function* readLdif(
  file: string,
  chunks: AsyncIterable<Buffer>,
  onProblem: OnProblem,
): AsyncGenerator<readonly User[]> {
  const report = (message: string, line: number, column = 1): void =>
    onProblem(problemAt({ file, line, column }, message));
  for await (const { text, firstLine } of wholeRecords(file, chunks))
    yield readRecords(text, report, { firstLine, isWanted }).flatMap(
      (record) => userOf(record, file, onProblem) ?? [],
    );
}

/** Cuts a text at empty lines, each part with the number of its first line. @throws `INPUT_INVALID` for a huge record */
async function* wholeRecords(
  file: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly text: string; readonly firstLine: number }> {
  let parts: string[] = [];
  let length = 0;
  let tail = '';
  let firstLine = 1;
  for await (const chunk of chunks) {
    let more = chunk.toString('utf8');
    const end = endOfRecords(tail + more) - tail.length;
    if (end > 0) {
      const text = parts.join('') + more.slice(0, end);
      yield { text, firstLine };
      firstLine += lineBreaks(text);
      more = more.slice(end);
      [parts, length, tail] = [[], 0, ''];
    }
    parts.push(more);
    length += more.length;
    if (length > LIMITS.record) throw tooLarge(file, firstLine);
    tail = (tail + more).slice(-EMPTY_LINE);
  }
  yield { text: parts.join(''), firstLine };
}

const EMPTY_LINE = '\n\r\n'.length;

/** Behind the last empty line; 0 if there is none. */
function endOfRecords(text: string): number {
  const [unix, dos] = [text.lastIndexOf('\n\n'), text.lastIndexOf('\n\r\n')];
  return Math.max(unix < 0 ? 0 : unix + 2, dos < 0 ? 0 : dos + 3);
}

function tooLarge(file: string, line: number): KeystoneLdapError {
  const message = `a record is larger than ${sizeText(LIMITS.record)}; do empty lines separate the records?`;
  return new KeystoneLdapError('INPUT_INVALID', `${file} is not LDIF that can be used.`, {
    problems: [{ file, line, message }],
  });
}

function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function userOf(record: LdifRecord, file: string, onProblem: OnProblem): User | undefined {
  const isPerson = PEOPLE.some((name) => hasObjectClass(record, name));
  // Computers of Active Directory are of the class of its users.
  if (!isPerson || hasObjectClass(record, 'computer')) return undefined;
  const first = (attribute: Wanted): string | undefined => valuesOf(record, attribute)[0];
  const source = { file, line: record.line, column: 1 };
  if (!isDn(record.dn)) {
    onProblem(problemAt(source, `"${record.dn}" is not a DN`));
    return undefined;
  }
  const name = first('uid') ?? rdnOf(record.dn).value;
  const [email, description, password] = [first('mail'), first('description'), first('userPassword')];
  const faults = Object.entries({ name, email, description, password }).flatMap(([what, text]) => {
    const fault = text === undefined ? undefined : faultOfText(text);
    return fault === undefined ? [] : [problemAt(source, `the ${what} ${fault}`)];
  });
  faults.forEach(onProblem);
  if (faults.length > 0) return undefined;
  return {
    name,
    enabled: !isLocked(first),
    ...(email !== undefined && { email }),
    ...(description !== undefined && { description }),
    ...(password !== undefined && { [isHash(password) ? 'passwordHash' : 'password']: new Secret(password) }),
    source,
  };
}

/** What is read of an entry; whatever bytes others hold, they are not looked at. */
const WANTED = [
  ...(['objectClass', 'uid', 'mail', 'description', 'userPassword'] as const),
  ...(['userAccountControl', 'nsAccountLock', 'loginDisabled', 'pwdAccountLockedTime'] as const),
] as const;
type Wanted = (typeof WANTED)[number];
const WANTED_NAMES: ReadonlySet<string> = new Set(WANTED.map((name) => name.toLowerCase()));

function isWanted(attribute: string): boolean {
  return WANTED_NAMES.has(attribute);
}

/** The words of 389 Directory Server, Novell, Active Directory and OpenLDAP for it. */
function isLocked(first: (attribute: Wanted) => string | undefined): boolean {
  const isTrue = (text: string | undefined): boolean => text?.toLowerCase() === 'true';
  const control = Number(first('userAccountControl') ?? 0);
  return (
    isTrue(first('nsAccountLock')) ||
    isTrue(first('loginDisabled')) ||
    (control & DISABLED) !== 0 ||
    first('pwdAccountLockedTime') === LOCKED_FOR_GOOD
  );
}

/** By an administrator; other times are of locks after wrong passwords, which end. */
const LOCKED_FOR_GOOD = '000001010000Z';

/** `{SSHA}…` and its like (RFC 3112 is their ancestor). */
function isHash(password: string): boolean {
  return /^\{[A-Za-z0-9-]+\}/.test(password);
}
