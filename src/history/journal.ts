import { dnKey } from '../directory/dn.ts';

/** The version of the form of a journal; another one is refused. */
export const JOURNAL_VERSION = 1;

/**
 * A run that changes something leaves one file of JSON lines: a header, a record for each change, written ahead of it,
 * and an end if it came to one. Hashes of passwords may stand in it, clear text never.
 */
export interface RunHeader {
  readonly journal: number;
  readonly id: string;
  /** When it began, ISO 8601. */
  readonly at: string;
  readonly command: string;
  readonly release?: string | undefined;
  /** The URI under which the directory was reached. */
  readonly server?: string | undefined;
  /** The naming contexts before the run, by which the server is known again; see `observeContexts`. */
  readonly contexts?: Contexts | undefined;
  /** The registry of what the tool owns, where the run keeps it. */
  readonly registry?: string | undefined;
  /** The run that this one takes back. */
  readonly undoes?: string | undefined;
}

/** The last line of a run that came to its end. */
export interface RunEnd {
  readonly end: 'complete';
  readonly at: string;
  readonly changes: number;
  /** The naming contexts after the run, if it added or deleted the entry of one. */
  readonly contexts?: Contexts | undefined;
}

/** Behind the records of a wave that failed: the entries whose record there is void. */
export interface NotMade {
  readonly notMade: readonly string[];
}

export type JournalRecord =
  AddedEntry | EditedEntry | ReplacedPassword | DeletedEntry | ChangedSchema | WrittenFile;

interface OfEntry {
  readonly dn: string;
  readonly label: string;
}

export interface AddedEntry extends OfEntry {
  readonly kind: 'add-entry';
  /** See `entryDigest`. */
  readonly sha256: string;
}

export interface EditedEntry extends OfEntry {
  readonly kind: 'modify-entry' | 'modify-config';
  readonly edits: readonly {
    readonly attribute: string;
    readonly remove: readonly string[];
    readonly add: readonly string[];
  }[];
}

export interface ReplacedPassword extends OfEntry {
  readonly kind: 'set-password';
  /** The digest of the new values. */
  readonly sha256: string;
  /** The digest of the old ones, which tells whether the change happened. */
  readonly before: string;
  /** The old values; left out where one of them is clear text. */
  readonly from?: readonly string[];
}

export interface DeletedEntry extends OfEntry {
  readonly kind: 'delete-entry';
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** The registry that listed it as owned. */
  readonly listedIn?: string;
  /** Whether it had a password in clear text, which is not among the attributes. */
  readonly hadClearPassword?: true;
}

/** What slapd takes in and does not give back. */
export interface ChangedSchema extends OfEntry {
  readonly kind: 'add-schema' | 'modify-schema';
}

/** Digests of a file's bytes; absent where there was, or is, none. */
export interface WrittenFile {
  readonly kind: 'file';
  readonly path: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Where the previous file is kept, without the `.<number>.bak` that it gets; absent where it is not. */
  readonly backup?: string | undefined;
}

/** `undone` where a later run has taken it back; incomplete ones may have made only a part of their changes. */
export type RunState = 'complete' | 'incomplete' | 'undone';

/** What is known of a run without its records. */
export interface RunSummary extends RunHeader {
  readonly changes: number;
  readonly state: RunState;
  /** As far as they are not those before the run; empty if it stopped and nobody knows. */
  readonly contextsAfter?: Contexts | undefined;
}

export interface RecordedRun extends RunSummary {
  readonly records: readonly JournalRecord[];
}

/** Whether a change adds or deletes the entry of a naming context. */
export function changesRoot(record: JournalRecord, { contexts = {} }: Pick<RunHeader, 'contexts'>): boolean {
  return (record.kind === 'add-entry' || record.kind === 'delete-entry') && dnKey(record.dn) in contexts;
}

/**
 * The naming contexts of a server by the keys of their DNs, each with what tells its entry from another of the same name;
 * `null` if there is no entry yet. Replicas and restored backups have the same `entryUUID`, whatever the URI is.
 */
export type Contexts = Readonly<Record<string, string | null>>;
