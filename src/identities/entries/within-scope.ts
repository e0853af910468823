import type { Layout } from '../../releases/release.ts';
import type { Identities } from '../identities.ts';

/** Sample data without its units where Keystone would not look there. */
export function withinScope(identities: Identities, { scope }: Pick<Layout, 'scope'>): Identities {
  const { users, groups, remarks } = identities;
  if (scope === 'sub' || [...users, ...groups].every(({ below }) => below === undefined)) return identities;
  return {
    ...identities,
    users: users.map((user) => ({ ...user, below: undefined })),
    groups: groups.map((group) => ({ ...group, below: undefined })),
    remarks: [...remarks, FLAT],
  };
}

const FLAT =
  'The sample is written without its organizational units, since Keystone looks one level below its trees; with --map query_scope=sub, for configure too, they are written and searched.';
