import { dnKey } from '../directory/dn.ts';
import { allOf, equal, rawFilter } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, Layout, Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';

/** Whether the trees are there, and whether the identity gets all users that Keystone lists. */
export async function* verifyTrees(
  directory: Session,
  { release, trees }: { readonly release: Release; readonly trees: Trees },
): AsyncGenerator<Finding> {
  const seen = new Set<string>();
  for (const kind of kindsIn(trees)) {
    const dn = treeOf(trees, kind);
    if (seen.has(dnKey(dn))) continue;
    seen.add(dnKey(dn));
    if ((await directory.read(dn, ['1.1'])) === undefined) yield missingTree(kind, dn);
  }
  yield* verifyListing(directory, trees.user, release.layout);
}

function missingTree(kind: EntryKind, dn: string): Finding {
  return {
    code: 'TREE_MISSING',
    severity: 'error',
    subject: `${kind} tree ${dn}`,
    message: `it does not exist, or this identity may not see it; Keystone finds no ${kind} at all`,
    remedy: 'Run "keystone-ldap init" with the same options.',
  };
}

/** Keystone asks for all users in one search and raises an error when the server cuts it. */
async function* verifyListing(
  directory: Session,
  base: string,
  { user, scope }: Layout,
): AsyncGenerator<Finding> {
  let count = 0;
  try {
    const request = {
      base,
      scope,
      filter: allOf(
        equal('objectClass', user.marker),
        ...(user.filter === undefined ? [] : [rawFilter(user.filter)]),
      ),
      attributes: ['1.1'],
    };
    for await (const entry of directory.search(request)) count += entry.dn === '' ? 0 : 1;
  } catch (error) {
    if (!(error instanceof KeystoneLdapError) || error.code !== 'SIZE_LIMIT') throw error;
    yield {
      code: 'LIST_CUT',
      severity: 'error',
      subject: `users below ${base}`,
      message: `the server gives this identity only ${count === 0 ? 'a part' : `${count}`} of them; listing users ends in HTTP 500`,
      remedy:
        'Raise the limit for this identity: olcLimits: dn.exact="…" size=unlimited on the database, or olcSizeLimit.',
    };
  }
}
