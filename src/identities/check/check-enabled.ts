import { ENABLED_KINDS, type Layout } from '../../releases/release.ts';
import type { Identities } from '../identities.ts';
import type { NameFault } from './name-fault.ts';
import { positionOf } from '../read/source.ts';

/** Who is to be disabled where nothing in LDAP can disable: Essex and Folsom take everybody for enabled. */
export function checkEnabled({ users, tenants, domains }: Identities, layout: Layout): NameFault[] {
  const byKind = { user: users, tenant: tenants, domain: domains } as const;
  return ENABLED_KINDS.flatMap((kind) =>
    layout[kind]?.enabled.kind === 'always'
      ? byKind[kind]
          .filter(({ enabled }) => !enabled)
          .map((item): NameFault => ({
            code: 'CANNOT_BE_DISABLED',
            severity: 'unsafe',
            at: positionOf(item, 'enabled'),
            message: `${kind} "${item.name}" is to be disabled, but in this release nothing in LDAP disables a ${kind}: it would be enabled`,
          }))
      : [],
  );
}
