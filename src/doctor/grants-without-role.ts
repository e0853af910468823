import { equalDn, foldCase, parentDn, rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { localId } from '../identities/entries/local-id.ts';
import type { EntryLayout, GrantLayout } from '../releases/release.ts';
import type { Finding } from './finding.ts';
import { listRequest } from './list-request.ts';
import { Tally } from './tally.ts';
import { isCut, type TreeTarget } from './verify-trees.ts';

/**
 * Roles that are granted in projects and have no entry of their own, from Essex (2012.1) on: Keystone reads each role of a user who
 * logs in to the project.
 */
export async function* grantsWithoutRole(session: Session, target: TreeTarget): AsyncGenerator<Finding> {
  const { release, trees } = target;
  const { role, grant } = release.layout;
  const { tenant, role: tree } = trees;
  if (grant === undefined || role === undefined || tenant === undefined || tree === undefined) return;
  const without = new Tally();
  try {
    const roles = await roleIds(session, role, target);
    const request = { base: tenant, scope: 'sub', filter: equal('objectClass', grant.marker) } as const;
    for await (const entry of session.search({ ...request, attributes: [grant.members] }))
      if (isGrant(entry, tenant, grant) && !roles.has(foldCase(rdnOf(entry.dn).value))) without.add(entry.dn);
  } catch (error) {
    // That a list is cut is a finding of its own.
    if (!isCut(error)) throw error;
  }
  if (without.count > 0)
    yield {
      ...{ code: 'ROLE_ENTRY_MISSING', severity: 'error', count: without.count },
      subject: `roles in projects below ${tenant}`,
      message: `without an entry of the role itself in ${tree} are ${without.text}; a login of a holder to that project ends in HTTP 404`,
      remedy: 'Decide whether there is to be such a role: make it again, or delete its entries in projects.',
    };
}

async function roleIds(
  session: Session,
  role: EntryLayout,
  { release: { layout }, trees }: TreeTarget,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const entry of session.search(listRequest('role', { layout, trees }, [role.rdn])))
    ids.add(foldCase(localId(entry, role, layout.lookup)));
  return ids;
}

/** An entry of the class of roles, below a project, that somebody holds. */
function isGrant(entry: Entry, tenantTree: string, { members }: GrantLayout): boolean {
  if (equalDn(entry.dn, tenantTree) || !equalDn(parentDn(parentDn(entry.dn)), tenantTree)) return false;
  return valuesOf(entry, members).length > 0;
}
