import type { Session } from '../directory/session.ts';
import { layoutOf } from '../releases/layout-of.ts';
import { duplicates } from './checks/duplicates.ts';
import { storedPasswords } from './checks/stored-passwords.ts';
import type { Finding } from './finding.ts';
import type { LegacyTarget } from './legacy-findings.ts';
import { listRequest } from './list-request.ts';
import { isCut } from './verify-trees.ts';

/**
 * What keeps users of 2011 out by their entries alone, as `doctor` says of all entries that it passes over. Of later
 * releases nothing.
 */
export async function* legacyEntries(session: Session, target: LegacyTarget): AsyncGenerator<Finding> {
  if (target.release.legacy === undefined) return;
  for (const kind of ['user', 'tenant'] as const)
    for await (const finding of entriesOf(session, kind, target))
      if (finding.severity === 'error') yield finding;
}

async function* entriesOf(
  session: Session,
  kind: 'user' | 'tenant',
  { release, trees }: LegacyTarget,
): AsyncGenerator<Finding> {
  const { layout } = release;
  const place = { session, kind, backend: { release, trees } };
  const checks = kind === 'user' ? [duplicates(place), storedPasswords(place)] : [duplicates(place)];
  const { rdn, nameAttribute } = layoutOf(layout, kind);
  const { passwordAttribute } = layout.user;
  const attributes = [rdn, nameAttribute, passwordAttribute].filter((name) => name !== undefined);
  try {
    for await (const entry of session.search(listRequest(kind, { layout, trees }, attributes)))
      for (const check of checks) check.see(entry);
  } catch (error) {
    // That the list is cut is said where Keystone's own list is looked at.
    if (!isCut(error)) throw error;
  }
  for (const check of checks) yield* check.findings();
}
