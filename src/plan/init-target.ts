import type { Release, Trees } from '../releases/release.ts';
import type { ServiceAccountTarget } from './access/plan-service-account.ts';

export interface InitTarget {
  readonly release: Release;
  readonly trees: Trees;
  /** A `.schema` or `.ldif` file to load instead of the one of the release. */
  readonly schemaFile: string | undefined;
  readonly replaceSchema: boolean;
  /** Whether to go on beside entries of a release of the other generation. */
  readonly allowOtherRelease?: boolean | undefined;
  /** The account with which Keystone is to bind, if it is to be made too. */
  readonly serviceAccount?: ServiceAccountTarget | undefined;
}
