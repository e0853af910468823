import type { Group, Identities } from '../../identities/identities.ts';
import type { UserSource } from '../../identities/users/user-source.ts';
import type { Release, Trees } from '../../releases/release.ts';
import type { PasswordPolicy } from '../identities/diff-entry.ts';
import type { IdentityTarget } from '../identities/plan-identities.ts';

/** Users that are not to be in memory together, and what belongs to them and may be. */
export interface StreamTarget {
  readonly release: Release;
  readonly trees: Trees;
  readonly source: UserSource;
  /** Tenants, roles, groups and grants, which may name users of the source. */
  readonly identities: Identities;
  readonly passwords: PasswordPolicy;
  readonly allowUnsafeNames: boolean;
  /** Whether users that exist may keep another id than the one that is declared. */
  readonly newIds?: boolean;
  /** Trees that do not exist yet, and will before the users are written. */
  readonly toCome?: readonly string[];
}

/** Takes other ids where they are wanted; without it they are refused. */
export function otherIds({ newIds = false }: StreamTarget): Pick<IdentityTarget, 'onOtherId'> {
  return newIds ? { onOtherId: () => undefined } : {};
}

/** Whether no check can find anything wrong with the users: some are disabled, which not every release can say. */
export function needsNoCheck({ release, source }: Pick<StreamTarget, 'release' | 'source'>): boolean {
  return source.isSound === true && release.layout.user.enabled.kind !== 'always';
}

/** The groups of the source as far as the release keeps any in LDAP. */
export function groupsOf({ release, source }: StreamTarget): Iterable<Group> {
  return release.layout.group === undefined ? [] : (source.groups?.() ?? []);
}

/** Called as the work goes on; what it throws ends the work where it is safe. */
export type OnStep = (done: number, total: number | undefined) => void;
