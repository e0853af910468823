import type { NewAttributes } from '../../directory/entry.ts';
import type { Secret } from '../../secret.ts';
import type { MemberMode } from '../identities.ts';

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
  /** The attribute of {@link exact} whose value is a number of which only these bits count; the others stay. */
  readonly bits?: { readonly attribute: string; readonly mask: number };
  /** Values that are among those of the attribute, in the order in which Keystone writes them. */
  readonly among: Readonly<Record<string, readonly string[]>>;
  /**
   * Of these attributes Keystone reads the first value, and further ones are others': where the value that is wanted is not
   * among them, it takes the place of the first, and the others stay.
   */
  readonly readFirst: ReadonlySet<string>;
  /** Values that the attribute must not have. */
  readonly absent?: Readonly<Record<string, readonly string[]>>;
  /** What holds the members, and what becomes of those that are not named. */
  readonly members?: {
    readonly attribute: string;
    readonly mode: MemberMode;
    /** Values that stand for nobody and stay in any case. */
    readonly spare: readonly string[];
  };
  /** Whether the entry is to be as said where it exists, and is not to be made. */
  readonly onlyIfPresent?: true;
  /** Values for a new entry only, which its classes demand and Keystone does not read. */
  readonly initial?: NewAttributes;
  /** The clear password: written in the release's form when the entry is made, and later only on demand. */
  readonly password?: Secret | undefined;
  /** What was said of this password alone; else the run decides. */
  readonly resetPassword?: boolean | undefined;
}
