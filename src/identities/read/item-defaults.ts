import type { Identities, MemberMode } from '../identities.ts';
import type { UserSource } from '../users/user-source.ts';

/** What holds for the items that do not say it themselves. */
export interface ItemDefaults {
  readonly memberMode?: MemberMode;
  readonly resetPassword?: boolean;
}

export function withDefaults(
  identities: Identities,
  { memberMode, resetPassword }: ItemDefaults,
): Identities {
  const members = memberMode === undefined ? {} : { memberMode };
  const reset = resetPassword === undefined ? {} : { resetPassword };
  return {
    ...identities,
    tenants: identities.tenants.map((tenant) => ({ ...members, ...tenant })),
    users: identities.users.map((user) => ({ ...reset, ...user })),
    roles: identities.roles.map((role) => ({ ...members, ...role })),
    groups: identities.groups.map((group) => ({ ...members, ...group })),
  };
}

/** The same for users that are too many to be held. */
export function sourceWithDefaults(source: UserSource, { resetPassword }: ItemDefaults): UserSource {
  if (resetPassword === undefined) return source;
  return {
    ...source,
    async *users(onProblem) {
      for await (const users of source.users(onProblem))
        yield users.map((user) => ({ resetPassword, ...user }));
    },
  };
}
