import type { Entry } from '../../directory/entry.ts';
import type { Session, SessionOptions } from '../../directory/session.ts';
import type { EntryKind } from '../../releases/release.ts';
import type { SchemaElement } from '../../schema/definition.ts';
import type { Backend } from '../backend.ts';
import type { Finding } from '../finding.ts';
import type { KeystoneFiles } from '../keystone-files.ts';
import type { UserIndex } from '../user-index.ts';

/** Looks at the files alone. */
export type FilesCheck = (files: KeystoneFiles) => AsyncIterable<Finding> | Iterable<Finding>;

/** Looks at what one driver is set to; the server is asked nothing yet. */
export type SettingsCheck = (backend: Backend) => AsyncIterable<Finding> | Iterable<Finding>;

export interface DirectoryContext {
  readonly backend: Backend;
  /** With Keystone's own account. */
  readonly session: Session;
  /** How that was opened. */
  readonly options: SessionOptions;
  readonly schema: readonly SchemaElement[];
  /** Of somebody who may read cn=config, where there is one. */
  readonly config: Session | undefined;
  /** Takes what cannot be looked at, a sentence. */
  readonly onRemark: (text: string) => void;
}

/** Asks the server a number of questions that does not depend on how many entries there are. */
export type DirectoryCheck = (context: DirectoryContext) => AsyncIterable<Finding>;

export interface EntryContext extends DirectoryContext {
  readonly kind: EntryKind;
  /** Of the users seen so far: all of them when groups are looked at. */
  readonly users: UserIndex;
}

/** What a check needs that asks the directory, and no file. */
export interface EntryPlace extends Pick<EntryContext, 'session' | 'kind'> {
  readonly backend: Pick<Backend, 'release' | 'trees'>;
}

/** Sees every entry of the class that Keystone looks for, one after the other, and keeps little of each. */
export interface EntryCheck {
  see(entry: Entry): void;
  /** After the last one. */
  findings(): AsyncIterable<Finding> | Iterable<Finding>;
}

export type MakeEntryCheck = (context: EntryContext) => EntryCheck;
