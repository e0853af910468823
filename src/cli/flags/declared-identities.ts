import type { ParsedIdentities } from '../../identities/read/parse-identities.ts';
import type { UserSource } from '../../identities/users/user-source.ts';

/** The identities of a configuration file. */
export interface DeclaredIdentities {
  /** The file and those that it names. */
  readonly files: readonly string[];
  /** Sample data: `release` for that of the release, or a sample of our own. */
  readonly sample: string | undefined;
  /** Absent where the file has none. */
  readonly parsed: ParsedIdentities | undefined;
  /** Users that are too many to be among them. */
  readonly users?: UserSource | undefined;
}
