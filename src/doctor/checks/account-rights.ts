import { randomUUID } from 'node:crypto';
import type { Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { isSince } from '../../releases/catalogue.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import { listRequest } from '../list-request.ts';
import { isCut } from '../verify-trees.ts';
import type { DirectoryCheck } from './check.ts';

const NO_SUCH_ATTRIBUTE = 16;
/** The release from which Keystone only reads. */
const READ_ONLY_SINCE = 'ocata';

/**
 * Whether the account could change what it only has to read. The server looks at the right before it looks for the
 * value, so that deleting one that nobody has changes nothing and tells it.
 */
export const accountRights: DirectoryCheck = async function* ({ backend, session }) {
  const { releaseName, release, trees, unsearchable } = backend;
  if (releaseName === undefined || !isSince(releaseName, READ_ONLY_SINCE)) return;
  if (unsearchable.has('user') || unsearchable.has('group')) return;
  const place = { layout: release.layout, trees };
  const targets: (readonly [dn: string, attribute: string])[] = [[trees.user, 'description']];
  const user = await first(session, listRequest('user', place, ['1.1']));
  const { passwordAttribute } = release.layout.user;
  if (user !== undefined) targets.push([user, passwordAttribute], [user, 'description']);
  const group =
    trees.group === undefined ? undefined : await first(session, listRequest('group', place, ['1.1']));
  const { members = 'member' } = layoutOf(release.layout, 'group');
  if (group !== undefined) targets.push([group, members]);
  const writable: string[] = [];
  for (const [dn, attribute] of targets)
    if (await mayChange(session, dn, attribute)) writable.push(`${attribute} of ${dn}`);
  if (writable.length > 0)
    yield {
      code: 'ACCOUNT_CAN_WRITE',
      severity: 'warning',
      subject: accountName(session, backend.server.credentials),
      message: `it may change ${writable.join('; ')}; ${release.title} only reads, and whoever reads keystone.conf can do it`,
      remedy:
        'Decide whether something else needs this right; if not, let olcAccess give this account no more than "read", or use another account.',
    };
};

function accountName(session: Session, credentials: { readonly kind: string; readonly dn?: string }): string {
  return credentials.dn ?? `everybody who connects to ${session.uri}`;
}

async function first(
  session: Session,
  request: Parameters<Session['search']>[0],
): Promise<string | undefined> {
  try {
    for await (const { dn } of session.search({ ...request, pageSize: 1 })) return dn;
  } catch (error) {
    // That no search gets through is said where lists are looked at.
    if (!isCut(error)) throw error;
  }
  return undefined;
}

async function mayChange(session: Session, dn: string, attribute: string): Promise<boolean> {
  const values = [`uid=${randomUUID()},dc=nonexistent`];
  try {
    await session.modify(dn, [{ operation: 'delete', attribute, values }]);
    return true;
  } catch (error) {
    if (error instanceof KeystoneLdapError && error.resultCode !== undefined)
      return error.resultCode === NO_SUCH_ATTRIBUTE;
    throw error;
  }
}
