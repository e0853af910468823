import type { ConfEdit } from '../document/conf-edit.ts';

/** Something that the newer release does differently and that no edit can make up for. */
export interface UpgradeNote {
  readonly code:
    | 'OPTION_UNKNOWN'
    | 'OPTION_NOT_YET'
    | 'OPTION_BEGINS'
    | 'OPTION_DEPRECATED'
    | 'OPTION_BACKPORTED'
    | 'DRIVER_REMOVED'
    | 'DRIVER_UNKNOWN'
    | 'TOKEN_PROVIDER_REMOVED'
    | 'TOKEN_DEFAULT_CHANGED'
    | 'PLUGIN_REMOVED'
    | 'PLUGIN_UNKNOWN'
    | 'PASTE_LEFT'
    | 'PLACEHOLDER_LEFT'
    | 'LINE_REWRITTEN'
    | 'NOT_EXPRESSIBLE'
    | 'ACCOUNT_MISSING';
  readonly message: string;
  /** In the given file. Counts from 1. */
  readonly line?: number;
  /** Nothing is wrong: it only explains. */
  readonly isRemark?: boolean;
}

export interface UpgradePart {
  /** Empty where nothing is left to do. */
  readonly edits: readonly ConfEdit[];
  readonly notes: readonly UpgradeNote[];
}
