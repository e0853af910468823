import { layoutOf } from '../../releases/layout-of.ts';
import type { Layout } from '../../releases/release.ts';
import type { Domain, Group, Identities, IdentityKind, Role, Tenant, User } from '../identities.ts';
import { positionOf, type Position } from '../read/source.ts';

/** A user, tenant, role, group or domain as the checks of names see it. */
export interface NamedItem {
  readonly kind: IdentityKind;
  readonly name: string;
  /** `user "joe"` */
  readonly subject: string;
  /** The id that was given, which only some releases let differ from the name. */
  readonly givenId: string | undefined;
  /** The value of the RDN; `undefined` where the release draws one. */
  readonly id: string | undefined;
  /** Whether the release has no other name than the id. */
  readonly idIsName: boolean;
  readonly at: { readonly name: Position | undefined; readonly id: Position | undefined };
}

/** All of them, in the order in which they are written. */
export function namedItems(
  { domains, tenants, users, roles, groups }: Identities,
  layout: Layout,
): readonly NamedItem[] {
  const named = (kind: IdentityKind, item: Domain | Tenant | User | Role | Group): NamedItem => {
    const { id: form, nameAttribute } = layoutOf(layout, kind);
    const idIsName = form === 'name' && nameAttribute === undefined;
    const givenId = 'id' in item ? item.id : undefined;
    return {
      kind,
      name: item.name,
      subject: `${kind} "${item.name}"`,
      givenId,
      id: idIsName ? item.name : (givenId ?? (form === 'name' ? item.name : undefined)),
      idIsName,
      at: { name: positionOf(item, 'name'), id: positionOf(item, idIsName ? 'name' : 'id') },
    };
  };
  return [
    ...domains.map((item) => named('domain', item)),
    ...tenants.map((item) => named('tenant', item)),
    ...users.map((item) => named('user', item)),
    ...roles.map((item) => named('role', item)),
    ...groups.map((item) => named('group', item)),
  ];
}
