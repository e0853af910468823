import { LOST } from '../../strict-text.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { readSecretText } from './read-input.ts';
import type { Io } from './io.ts';

/** Where a password may come from, most explicit first. It never comes from a flag, which every user of the machine can read. */
export interface SecretSources {
  /** `-y`: a path, or `-` for standard input. */
  readonly file: string | undefined;
  /** `-W` */
  readonly prompt: boolean;
  /** The environment variable with the password; with `_FILE` behind it, one with a path. */
  readonly variable: string;
  /** Whose password it is, for the prompt. */
  readonly whose: string;
  /** The flag to name where nothing gives one. */
  readonly flag: string;
}

/** @throws `USAGE` where no source has one, `FILE_UNREADABLE` */
export async function readSecret(
  { file, prompt, variable, whose, flag }: SecretSources,
  io: Io,
): Promise<Secret> {
  if (file !== undefined && prompt)
    throw new KeystoneLdapError('USAGE', `${flag} and -W cannot be given together.`);
  const path = file ?? (prompt ? undefined : io.env[`${variable}_FILE`]);
  if (path !== undefined) return withoutFinalNewline(await readSecretText(path, io));
  const value = prompt ? undefined : io.env[variable];
  if (value?.includes(LOST) === true)
    throw new KeystoneLdapError(
      'USAGE',
      `The environment variable ${variable} holds a byte that is not UTF-8.`,
    );
  if (value !== undefined) return new Secret(value);
  if (io.asker !== undefined) return new Secret(await io.asker.password(`Password of ${whose}:`));
  throw new KeystoneLdapError('USAGE', `The password of ${whose} is missing.`, {
    hint: `Give ${flag} FILE, or set ${variable} or ${variable}_FILE.`,
  });
}

/** Editors and `echo` end files with a newline that nobody means. */
function withoutFinalNewline(content: string): Secret {
  return new Secret(content.replace(/\r?\n$/, ''));
}
