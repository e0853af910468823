import { dnKey } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';

export interface TreeTarget {
  readonly release: Release;
  readonly trees: Trees;
}

/** Whether the trees are there. */
export async function* missingTrees(directory: Session, trees: Trees): AsyncGenerator<Finding> {
  const seen = new Set<string>();
  for (const kind of kindsIn(trees)) {
    const dn = treeOf(trees, kind);
    if (seen.has(dnKey(dn))) continue;
    seen.add(dnKey(dn));
    if ((await directory.read(dn, ['1.1'])) === undefined) yield missingTree(kind, dn);
  }
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

export function isCut(error: unknown): error is KeystoneLdapError {
  return error instanceof KeystoneLdapError && error.code === 'SIZE_LIMIT';
}

const TIME_LIMIT_EXCEEDED = 3;

/** The server ended a search of everything: `count` came through. */
export function listCut(subject: string, count: number, { resultCode }: KeystoneLdapError): Finding {
  const isLate = resultCode === TIME_LIMIT_EXCEEDED;
  return {
    code: 'LIST_CUT',
    severity: 'error',
    subject,
    message: `the server ${isLate ? 'ends so long a search' : `gives this identity only ${count === 0 ? 'a part' : `${count}`} of them`}; listing them ends in HTTP 500`,
    remedy: isLate
      ? 'Raise the limit for this identity: olcLimits: dn.exact="…" time=unlimited on the database, or olcTimeLimit; an index makes the search shorter.'
      : 'Raise the limit for this identity: olcLimits: dn.exact="…" size=unlimited on the database, or olcSizeLimit.',
  };
}
