import { present } from '../../directory/filter.ts';
import type { SearchRequest, Session } from '../../directory/session.ts';
import { KeystoneLdapError } from '../../errors.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { EntryKind } from '../../releases/release.ts';
import { knowsClass } from '../class-attributes.ts';
import type { Finding } from '../finding.ts';
import { listRequest } from '../list-request.ts';
import { listRefused, pagesRefused } from '../pages-refused.ts';
import { isCut, listCut } from '../verify-trees.ts';
import type { DirectoryCheck, DirectoryContext } from './check.ts';

/** Lists DNs just as Keystone lists: in pages of its size, or all at once. */
export const listing: DirectoryCheck = async function* (context) {
  const { trees, unsearchable } = context.backend;
  for (const kind of ['user', 'group'] as const)
    if (trees[kind] !== undefined && !unsearchable.has(kind)) yield* listed(context, kind);
};

/** The server knows another one that has what was asked for (RFC 4511 section 4.1.10). */
const REFERRAL = 10;

async function* listed(context: DirectoryContext, kind: EntryKind): AsyncGenerator<Finding> {
  const { backend, session } = context;
  const { pageSize } = backend.server;
  const request = listRequest(kind, { layout: backend.release.layout, trees: backend.trees }, ['1.1']);
  const subject = `${kind}s below ${request.base}`;
  const referrals: string[] = [];
  let count = 0;
  try {
    const onReferral = (uris: readonly string[]): void => void referrals.push(...uris);
    for await (const { dn } of session.search({ ...request, pageSize, mustPage: true, onReferral }))
      count += dn === '' ? 0 : 1;
  } catch (error) {
    const refused = pagesRefused(error, pageSize);
    if (refused !== undefined) {
      yield listRefused(subject, refused, backend.doc);
      return;
    }
    if (isCut(error)) {
      yield listCut(subject, count, error);
      if (pageSize > 0) yield pagingUseless(`${backend.file}: [ldap] page_size = ${pageSize}`);
      return;
    }
    if (!(error instanceof KeystoneLdapError) || error.resultCode !== REFERRAL) throw error;
    referrals.push(request.base);
  }
  if (referrals.length > 0) yield referral(subject, referrals, backend.options['chase_referrals']);
  if (count === 0) yield* emptyTree(context, kind, subject);
}

function pagingUseless(subject: string): Finding {
  return {
    code: 'PAGING_USELESS',
    severity: 'warning',
    subject,
    message:
      'the limit of the server counts all pages together (as in OpenLDAP), so that paging does not lift it',
    remedy:
      'Decide with the administrators of the directory on a limit for the account: olcLimits with size=unlimited, or size.prtotal=unlimited.',
  };
}

function referral(subject: string, uris: readonly string[], chases: unknown): Finding {
  return {
    code: 'REFERRAL',
    severity: chases === false ? 'info' : 'warning',
    subject,
    message: `the server refers to others for a part (${uris.slice(0, 3).join('; ')}); Keystone ${chases === false ? 'does not see what is there' : 'follows them with an anonymous bind, which is slow and often fails'}`,
    remedy: 'Set chase_referrals = false, where that part is not needed; else ask a server that has all.',
  };
}

/** Nothing where Keystone looks; perhaps further down. A tree of groups that has nothing at all is as good as any. */
async function* emptyTree(
  { backend, session, schema }: DirectoryContext,
  kind: EntryKind,
  subject: string,
): AsyncGenerator<Finding> {
  const { release, trees } = backend;
  const layout = { ...release.layout, scope: 'sub' as const };
  const request = listRequest(kind, { layout, trees }, ['1.1']);
  const there = await dnsOf(session, { ...request, filter: present('objectClass') });
  if (there.length < (kind === 'user' ? 1 : 2)) return;
  // An object class that the server does not know is the cause, and a finding of its own.
  if (!knowsClass(schema, layoutOf(release.layout, kind).marker)) return;
  const [below] = await dnsOf(session, request);
  yield {
    code: 'TREE_EMPTY',
    severity: kind === 'user' ? 'error' : 'warning',
    subject,
    message:
      below === undefined
        ? `there is none with the class and the filter of keystone.conf; Keystone finds no ${kind}`
        : `there is none directly below, but ${below} is further down; with query_scope = one Keystone finds no ${kind}`,
    remedy:
      below === undefined
        ? `Correct ${kind}_tree_dn, ${kind}_objectclass and ${kind}_filter: decide which entries are the ${kind}s.`
        : 'Set query_scope = sub.',
  };
}

/** The first two. */
async function dnsOf(session: Session, request: SearchRequest): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { dn } of session.search({ ...request, pageSize: 2 })) if (found.push(dn) === 2) break;
  return found;
}
