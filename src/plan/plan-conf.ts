import { readBytes } from '../files.ts';
import { applyEdits, type ConfEdit } from '../keystone-conf/conf-edit.ts';
import { formatConf, parseConf, type ConfDocument } from '../keystone-conf/document.ts';
import { legacyConfEdits, type LegacyConfNote } from '../keystone-conf/legacy-conf.ts';
import type { LegacyConfSettings } from '../keystone-conf/legacy-settings.ts';
import type { Release } from '../releases/release.ts';

/** The edit of one keystone.conf, with the bytes that it starts from. */
export interface ConfPlan {
  readonly path: string;
  readonly bytes: Buffer;
  readonly before: ConfDocument;
  readonly after: ConfDocument;
  readonly edits: readonly ConfEdit[];
  readonly notes: readonly LegacyConfNote[];
}

/** keystone.conf as it is now. @throws `FILE_UNREADABLE` */
export async function observeConf(path: string): Promise<Pick<ConfPlan, 'path' | 'bytes' | 'before'>> {
  const bytes = await readBytes(path);
  return { path, bytes, before: parseConf(bytes, path) };
}

/**
 * What makes this keystone.conf one that finds its identities in LDAP.
 * @throws `CONF_INVALID`, `INPUT_INVALID` for settings that the release could not read back
 */
export function planConf(
  observed: Pick<ConfPlan, 'path' | 'bytes' | 'before'>,
  settings: LegacyConfSettings,
  release: Release,
): ConfPlan {
  if (release.conf.kind !== 'legacy') throw new Error('not yet');
  const { edits, notes } = legacyConfEdits(observed.before, settings, release.conf);
  return { ...observed, edits, notes, after: applyEdits(observed.before, edits) };
}

/** The bytes of the edited file. */
export function plannedBytes({ after }: ConfPlan): Buffer {
  return formatConf(after);
}
