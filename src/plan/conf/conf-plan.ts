import type { ConfEdit } from '../../keystone-conf/document/conf-edit.ts';
import type { ConfDocument } from '../../keystone-conf/document/document.ts';
import type { KeptSetting } from '../../keystone-conf/kept-setting.ts';

/** A configuration file as it is now. */
export interface ObservedConf {
  readonly path: string;
  /** `undefined` where there is no such file yet. */
  readonly bytes: Buffer | undefined;
  readonly before: ConfDocument;
}

/** The edit of one file. */
export interface FilePlan extends ObservedConf {
  readonly after: ConfDocument;
  readonly edits: readonly ConfEdit[];
  /** Settings that stay although a value that nobody gave differs from them. */
  readonly kept?: readonly KeptSetting[];
  /** Where the previous file is kept, if not beside it: Keystone reads all that lies with the domains' files. */
  readonly backupFolder?: string;
  /** The file whose readers must be able to read this one, if it is new. */
  readonly like?: string;
}

export interface ConfNote {
  readonly code: string;
  readonly message: string;
  /** Nothing is wrong: it only explains. */
  readonly isRemark?: boolean;
  /** What it is about, where that is one place. */
  readonly file?: string;
  /** Counts from 1. */
  readonly line?: number;
}

/** The files to be edited, in the order in which they must be replaced: the main one comes last. */
export interface ConfPlan {
  readonly files: readonly FilePlan[];
  readonly notes: readonly ConfNote[];
}
