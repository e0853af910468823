import { KeystoneLdapError } from './errors.ts';

/** The code that the operating system gives an error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** `FILE_UNREADABLE`; the reason is an error of the system, or words. */
export function unreadable(subject: string, reason: unknown): KeystoneLdapError {
  const why = reasonOf(reason, READ_FAULTS);
  return new KeystoneLdapError('FILE_UNREADABLE', `Cannot read ${subject}: ${why}.`, causeIn(reason));
}

export interface Unwritable {
  readonly hint?: string;
  /** What codes mean here in particular. */
  readonly faults?: Readonly<Record<string, string>>;
}

/** The same for `FILE_UNWRITABLE`; `what` is as in "write a.ldif". */
export function unwritable(
  what: string,
  reason: unknown,
  { hint, faults }: Unwritable = {},
): KeystoneLdapError {
  const why = reasonOf(reason, { ...WRITE_FAULTS, ...faults });
  const options = { hint, ...causeIn(reason) };
  return new KeystoneLdapError('FILE_UNWRITABLE', `Cannot ${what}: ${why}.`, options);
}

function causeIn(reason: unknown): { readonly cause?: unknown } {
  return typeof reason === 'string' ? {} : { cause: reason };
}

function reasonOf(reason: unknown, faults: Readonly<Record<string, string>>): string {
  const code = codeOf(reason);
  if (code !== undefined) return faults[code] ?? code;
  return reason instanceof Error ? reason.message : String(reason);
}

const FAULTS = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOTDIR: 'a part of the path is not a directory',
};

const READ_FAULTS = { ...FAULTS, ENOENT: 'there is no such file' };

const WRITE_FAULTS = {
  ...FAULTS,
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists',
  ENOENT: 'its folder does not exist',
  ENOSPC: 'no space is left on the device',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};
