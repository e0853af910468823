import type { Release, Trees } from '../releases/release.ts';

export interface ExportTarget {
  readonly release: Release;
  readonly trees: Trees;
  /** Whether hashes of passwords are carried; clear text never is. */
  readonly withPasswords: boolean;
  /** Whether ids go along; a release whose ids are names refuses those that are not. */
  readonly withIds?: boolean;
}
