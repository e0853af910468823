import type { Identities } from '../identities/identities.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { TreesSource } from './verify-trees.ts';
import type { SeenCounts } from './verify-view.ts';

export interface VerifyTarget {
  readonly release: Release;
  readonly trees: Trees;
  readonly identities: Identities;
  /** The fewest users that are not a fault (default: 0). */
  readonly minUsers?: number | undefined;
  /** The file that says where the trees are, if one does. */
  readonly conf?: TreesSource | undefined;
  /** 0 if Keystone asks for all entries at once; absent if no keystone.conf says so. */
  readonly pageSize?: number | undefined;
  /** Takes what Keystone lists. */
  readonly onSeen?: ((seen: SeenCounts) => void) | undefined;
  /** Called before each identity is asked for. What it throws ends the check. */
  readonly onIdentity?: ((done: number, total: number) => void) | undefined;
}
