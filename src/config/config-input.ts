import type { OpenFile } from '../identities/users/csv-users.ts';

/** Where files come from. */
export interface ConfigInput {
  readonly readText: (path: string) => Promise<string>;
  /** From the start each time: users of CSV and LDIF may be too many to be in memory. */
  readonly readChunks: OpenFile;
  readonly namesIn: (folder: string) => Promise<readonly string[]>;
}
