import { csvUsers, type OpenFile } from './csv-users.ts';
import { ldifUsers } from './ldif-users.ts';
import type { UserSource } from './user-source.ts';

/** The users of a file that holds nothing else, as its ending says; `undefined` for any other file. */
export function userFile(path: string, open: OpenFile): UserSource | undefined {
  if (/\.csv$/i.test(path)) return csvUsers(path, open);
  return /\.ldif$/i.test(path) ? ldifUsers(path, open) : undefined;
}
