import type { NewAttributes } from '../directory/entry.ts';
import type { Secret } from '../secret.ts';

/** An entry as it shall be: what is not said here is left as it is. */
export interface DesiredEntry {
  readonly dn: string;
  /** What it is to Keystone, for people: `user joeuser`. */
  readonly label: string;
  /** The class by which the release finds such an entry; one that exists without it is of another kind. */
  readonly marker: string;
  readonly objectClasses: readonly string[];
  /** Attributes that have exactly this value. */
  readonly exact: Readonly<Record<string, string>>;
  /** Values that are among those of the attribute, in the order in which Keystone writes them. */
  readonly among: Readonly<Record<string, readonly string[]>>;
  /** Values that the attribute must not have. */
  readonly absent?: Readonly<Record<string, readonly string[]>>;
  /** Values for a new entry only, which its classes demand and Keystone does not read. */
  readonly initial?: NewAttributes;
  /** The clear password: written in the release's form when the entry is made, and later only on demand. */
  readonly password?: Secret | undefined;
}
