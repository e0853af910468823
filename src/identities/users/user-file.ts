import { csvUsers, type OpenFile } from './csv-users.ts';
import { ldifUsers } from './ldif-users.ts';
import type { UserSource } from './user-source.ts';

/** Whether a file holds users and nothing else, as its ending says. */
export function isUserFile(path: string): boolean {
  return CSV.test(path) || LDIF.test(path);
}

/** The users of such a file; `undefined` for any other. */
export function userFile(path: string, open: OpenFile): UserSource | undefined {
  if (CSV.test(path)) return csvUsers(path, open);
  return LDIF.test(path) ? ldifUsers(path, open) : undefined;
}

const CSV = /\.csv$/i;
const LDIF = /\.ldif$/i;
