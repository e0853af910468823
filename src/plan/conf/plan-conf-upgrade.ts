import { applyEdits } from '../../keystone-conf/document/conf-edit.ts';
import { upgradeConf } from '../../keystone-conf/upgrade/upgrade-conf.ts';
import type { ReleaseName } from '../../releases/catalogue.ts';
import { notesOfFiles } from './conf-notes.ts';
import type { ConfPlan, ObservedConf } from './conf-plan.ts';

export interface ConfUpgrade {
  readonly from: ReleaseName;
  readonly to: ReleaseName;
  /** Set for the file of a domain, which lies where Keystone reads all there is: backups go here. */
  readonly domainBackups?: string | undefined;
}

/**
 * What brings one file forward to a newer release.
 * @throws `USAGE` where the release is older, `CONF_INVALID`
 */
export async function planConfUpgrade(
  file: ObservedConf,
  { from, to, domainBackups }: ConfUpgrade,
): Promise<ConfPlan> {
  const kind = domainBackups === undefined ? 'main file' : 'domain file';
  const { doc, edits, notes } = upgradeConf(file.before, from, to, kind);
  const plan = { ...file, edits, after: applyEdits(doc, edits) };
  const files = [domainBackups === undefined ? plan : { ...plan, backupFolder: domainBackups }];
  const ofOptions = notes.map((note) => ({ ...note, file: file.path }));
  return { files, notes: [...ofOptions, ...(await notesOfFiles(files, { name: to }))] };
}
