import { equalDn } from '../directory/dn.ts';
import type { Entry } from '../directory/entry.ts';
import { emulationGroupDn } from '../identities/entries/emulation-group.ts';
import { localId } from '../identities/entries/local-id.ts';
import { enabledAttribute, layoutOf } from '../releases/layout-of.ts';
import { ENABLED_KINDS } from '../releases/release.ts';
import type { Backend } from './backend.ts';
import { entryChecks } from './checks/all-checks.ts';
import type { EntryContext } from './checks/check.ts';
import type { Finding } from './finding.ts';
import { isListed } from './is-listed.ts';
import { listRequest } from './list-request.ts';
import { isCut } from './verify-trees.ts';

/** Of groups fewer in one answer: each may have all users as members. */
const PAGE = { user: 1000, group: 100, tenant: 100, role: 100, domain: 100 } as const;

/** Shows each entry of a kind to all checks, and gives what they say of them after the last one. */
export async function* passOverEntries(
  context: EntryContext,
  onCount: (count: number) => void,
): AsyncGenerator<Finding> {
  const { backend, kind, session, users } = context;
  const checks = entryChecks(kind).map((make) => make(context));
  const request = listRequest(
    kind,
    { layout: backend.release.layout, trees: backend.trees },
    attributesOf(context),
  );
  let count = 0;
  try {
    for await (const entry of session.search({
      ...request,
      pageSize: backend.server.pageSize || PAGE[kind],
    })) {
      if (isEmulationGroup(entry, backend)) continue;
      count += 1;
      if (kind === 'user') index(entry, context);
      for (const check of checks) check.see(entry);
    }
  } catch (error) {
    // That the list is cut is said where Keystone's own list is looked at.
    if (!isCut(error)) throw error;
    if (kind === 'user') users.isComplete = false;
  }
  onCount(count);
  for (const check of checks) yield* check.findings();
}

function attributesOf({ backend, kind }: EntryContext): readonly string[] {
  const { layout } = backend.release;
  const { rdn, nameAttribute, members, enabled } = layoutOf(layout, kind);
  const password = kind === 'user' ? layout.user.passwordAttribute : undefined;
  const flag = enabledAttribute(enabled);
  return [rdn, nameAttribute, members, flag, password].filter((name) => name !== undefined);
}

/** Keystone hides from its lists the groups that say who is enabled. */
function isEmulationGroup({ dn }: Entry, { release: { layout }, trees }: Backend): boolean {
  return ENABLED_KINDS.some(
    (kind) =>
      layout[kind]?.enabled.kind === 'group' && equalDn(dn, emulationGroupDn(kind, { layout, trees })),
  );
}

function index(entry: Entry, { backend, users }: EntryContext): void {
  const { user, lookup } = backend.release.layout;
  if (isListed(entry, 'user', backend.release.layout)) users.add(entry.dn, localId(entry, user, lookup));
}
