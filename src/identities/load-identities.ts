import { dirname, isAbsolute, join } from 'node:path';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { Identities } from './identities.ts';
import { parseIdentities, type ParsedIdentities } from './parse-identities.ts';
import { requireNone } from './require-none.ts';
import type { PasswordReference } from './read-identities.ts';
import { faultOfText } from './read-value.ts';
import { problemAt } from './source.ts';

/** Where files and passwords come from. */
export interface IdentitiesInput {
  readonly readText: (path: string) => Promise<string>;
  /** Of a file with a password. */
  readonly readSecretText: (path: string) => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the files may name users that a stream declares. */
  readonly usersElsewhere?: boolean;
}

/**
 * Reads files that belong together and the passwords to which they refer.
 * @throws `FILE_UNREADABLE` for one of the files themselves, `INPUT_INVALID` with all problems otherwise
 */
export async function loadIdentities(files: readonly string[], input: IdentitiesInput): Promise<Identities> {
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await input.readText(file) })));
  return await withPasswords(parseIdentities(texts, undefined, input), files, input);
}

/**
 * Identities with the passwords to which they refer.
 * @throws `INPUT_INVALID` with all that cannot be had
 */
export async function withPasswords(
  { identities, passwordReferences }: ParsedIdentities,
  files: readonly string[],
  input: IdentitiesInput,
): Promise<Identities> {
  const found = await Promise.all(passwordReferences.map((reference) => findPassword(reference, input)));
  requireNone(
    found.flatMap((one) => ('problem' in one ? one.problem : [])),
    files,
  );
  const passwords = new Map(found.flatMap((one) => ('problem' in one ? [] : [[one.user, one.password]])));
  const users = identities.users.map((user) => {
    const password = passwords.get(user.name);
    return password === undefined ? user : { ...user, password };
  });
  return { ...identities, users };
}

type FoundPassword = { readonly user: string; readonly password: Secret } | { readonly problem: Problem };

async function findPassword(reference: PasswordReference, input: IdentitiesInput): Promise<FoundPassword> {
  const { user, from, name, at } = reference;
  if (from === 'file') return await readPasswordFile(reference, input);
  const text = input.env[name];
  if (text === undefined) return { problem: problemAt(at, `the environment variable ${name} is not set`) };
  return asPassword(text, { user, at, what: `the environment variable ${name}` });
}

async function readPasswordFile(
  { user, name, at }: PasswordReference,
  { readSecretText }: IdentitiesInput,
): Promise<FoundPassword> {
  const path = isAbsolute(name) ? name : join(dirname(at.file), name);
  try {
    // Editors and echo end a file with a line break that is no part of the password.
    const text = (await readSecretText(path)).replace(/\r?\n$/, '');
    return asPassword(text, { user, at, what: `the password file ${path}` });
  } catch (error) {
    if (error instanceof KeystoneLdapError)
      return { problem: error.problems[0] ?? problemAt(at, error.message) };
    throw error;
  }
}

function asPassword(
  text: string,
  { user, at, what }: Pick<PasswordReference, 'user' | 'at'> & { what: string },
): FoundPassword {
  const fault = faultOfText(text);
  return fault === undefined
    ? { user, password: new Secret(text) }
    : { problem: problemAt(at, `${what} ${fault}`) };
}
