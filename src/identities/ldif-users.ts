import { isDn, rdnOf } from '../directory/dn.ts';
import { hasObjectClass, valuesOf } from '../directory/entry.ts';
import { readRecords, type LdifRecord } from '../directory/ldif.ts';
import { Secret } from '../secret.ts';
import type { OpenFile } from './csv-users.ts';
import type { User } from './identities.ts';
import { faultOfText } from './read-value.ts';
import { problemAt } from './source.ts';
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
  return { subject: file, users: (onProblem) => readLdif(file, open(file), onProblem) };
}

async function* readLdif(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  onProblem: OnProblem,
): AsyncGenerator<readonly User[]> {
  const report = (message: string, line: number, column = 1): void =>
    onProblem(problemAt({ file, line, column }, message));
  for await (const { text, firstLine } of wholeRecords(chunks))
    yield readRecords(text, report, { firstLine, isWanted }).flatMap(
      (record) => userOf(record, file, onProblem) ?? [],
    );
}

/** Cuts a text at empty lines, each part with the number of its first line. */
async function* wholeRecords(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly text: string; readonly firstLine: number }> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  let rest = '';
  let firstLine = 1;
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const end = Math.max(rest.lastIndexOf('\n\n') + 2, rest.lastIndexOf('\n\r\n') + 3);
    if (end < 4) continue;
    const text = rest.slice(0, end);
    rest = rest.slice(end);
    yield { text, firstLine };
    firstLine += lineBreaks(text);
  }
  yield { text: rest + decoder.decode(), firstLine };
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
