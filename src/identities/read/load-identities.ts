import { LOST } from '../../strict-text.ts';
import { dirname, isAbsolute, join } from 'node:path';
import { KeystoneLdapError, type Problem } from '../../errors.ts';
import { readChunks, readSecretText, readText } from '../../files.ts';
import { Secret } from '../../secret.ts';
import type { OpenFile } from '../users/csv-users.ts';
import { usersUpTo, withUsers } from '../users/gather-users.ts';
import { NO_IDENTITIES, type Identities } from '../identities.ts';
import type { ParsedIdentities } from './parse-identities.ts';
import { requireNone } from './require-none.ts';
import type { PasswordReference } from './read-identities.ts';
import { faultOfText } from './read-value.ts';
import { problemAt } from './source.ts';
import { isUserFile, userFile } from '../users/user-file.ts';
import { joinSources, type UserSource } from '../users/user-source.ts';

/** Where files and passwords come from. */
export interface IdentitiesInput {
  readonly readText: (path: string) => Promise<string>;
  /** Of a file with a password. */
  readonly readSecretText: (path: string) => Promise<string>;
  /** Of a file of users, from its start each time; from the disk unless told. */
  readonly readChunks?: OpenFile;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Identities of files, of which users that come as a stream are not read yet. */
export interface OpenedIdentities {
  readonly identities: Identities;
  readonly source?: UserSource;
}

/**
 * Opens files that belong together: YAML is read, with the passwords to which it refers, and users of CSV and LDIF are a
 * stream, as those of further sources are.
 * @throws `FILE_UNREADABLE` for one of the files themselves, `INPUT_INVALID` with all problems otherwise
 */
export async function openIdentities(
  files: readonly string[],
  input: IdentitiesInput,
  more: readonly UserSource[] = [],
): Promise<OpenedIdentities> {
  const { readChunks: open = readChunks } = input;
  const sources = [...files.flatMap((file) => userFile(file, open) ?? []), ...more];
  const yaml = files.filter((file) => !isUserFile(file));
  const identities = await loadYaml(yaml, input, { usersElsewhere: sources.length > 0 });
  return { identities, ...(sources.length > 0 && { source: joinSources(sources) }) };
}

/**
 * All identities of files that belong together, in YAML, CSV and LDIF, in memory: from the disk, and with no environment,
 * unless `input` has others. @throws as `openIdentities` does
 */
export async function loadIdentities(
  files: readonly string[],
  input: Partial<IdentitiesInput> = {},
): Promise<Identities> {
  const { identities, source } = await openIdentities(files, { readText, readSecretText, env: {}, ...input });
  return source === undefined ? identities : await withAllUsers(identities, source);
}

/** Identities with the users of a source, however many they are. @throws `INPUT_INVALID` */
export async function withAllUsers(identities: Identities, source: UserSource): Promise<Identities> {
  return withUsers(identities, (await usersUpTo(Infinity, source)) ?? [], source);
}

/** The reader of YAML takes long to load, and is not loaded for users of a stream alone. */
async function loadYaml(
  files: readonly string[],
  input: IdentitiesInput,
  options: { readonly usersElsewhere: boolean },
): Promise<Identities> {
  if (files.length === 0) return NO_IDENTITIES;
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await input.readText(file) })));
  const { parseIdentities } = await import('./parse-identities.ts');
  return await withPasswords(parseIdentities(texts, undefined, options), files, input);
}

/**
 * Identities with the passwords to which they refer.
 * @throws `INPUT_INVALID` with all that cannot be had
 */
export async function withPasswords(
  { identities, passwordReferences }: ParsedIdentities,
  files: readonly string[],
  input: PasswordInput,
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

/** Where passwords come from. */
export type PasswordInput = Pick<IdentitiesInput, 'readSecretText' | 'env'>;

type FoundPassword = { readonly user: string; readonly password: Secret } | { readonly problem: Problem };

async function findPassword(reference: PasswordReference, input: PasswordInput): Promise<FoundPassword> {
  const { user, from, name, at } = reference;
  if (from === 'file') return await readPasswordFile(reference, input);
  const text = input.env[name];
  if (text === undefined) return { problem: problemAt(at, `the environment variable ${name} is not set`) };
  if (text.includes(LOST))
    return { problem: problemAt(at, `the environment variable ${name} holds a byte that is not UTF-8`) };
  return asPassword(text, { user, at, what: `the environment variable ${name}` });
}

async function readPasswordFile(
  { user, name, at }: PasswordReference,
  { readSecretText }: PasswordInput,
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
