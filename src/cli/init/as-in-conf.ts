import { readMainConf } from '../../doctor/keystone-files.ts';
import { releaseForFile, withOwnOptions } from '../../doctor/release-for-file.ts';
import { requireMeaning, type ConfDocument } from '../../keystone-conf/document/document.ts';
import { ownSettings, type OwnSettings } from '../../keystone-conf/own-settings.ts';
import type { EntryKind, Release } from '../../releases/release.ts';
import type { IsMeant } from '../flags/command-context.ts';
import { requireMainConf, type ConfFilesFlags } from '../flags/keystone-flags.ts';
import type { ReleaseFlags, TreeFlags } from '../inputs/release-flags.ts';

/** Flags of a command that finds entries as a keystone.conf says. */
export type ConfSourceFlags = ConfFilesFlags & ReleaseFlags & TreeFlags;

/** A release as a file sets it up, and the flags with what the file says of trees. */
export interface InConf<Flags> {
  readonly release: Release;
  readonly flags: Flags;
  /** Absent if no file is named, as the next. */
  readonly own: OwnSettings | undefined;
  readonly doc: ConfDocument | undefined;
}

/**
 * Trees, classes, attributes and filters as the file has them; flags win over the file, and the file over the
 * environment.
 * @throws `CONF_INVALID`, `FILE_UNREADABLE`
 */
export async function asInConf<Flags extends ConfSourceFlags>(
  named: Release,
  flags: Flags,
  isMeant: IsMeant,
): Promise<InConf<Flags>> {
  requireMainConf(flags);
  const { keystoneConf: files, configDir: dirs } = flags;
  if (files === undefined) return { release: named, flags, own: undefined, doc: undefined };
  const { doc } = await readMainConf({ files, dirs }, named);
  requireMeaning(doc);
  const own = ownSettings(doc, named);
  const read = { doc, own, holding: flags.ldapHolds, isDomain: false };
  const release = withOwnOptions(releaseForFile(named, read), own);
  const tree = (kind: EntryKind): string | undefined =>
    release.trees[kind] === undefined ? undefined : own.trees[kind];
  const said = given({
    userTreeDn: flags.userTreeDn ?? tree('user'),
    groupTreeDn: flags.groupTreeDn ?? tree('group'),
    tenantTreeDn: flags.tenantTreeDn ?? flags.projectTreeDn ?? tree('tenant'),
    roleTreeDn: flags.roleTreeDn ?? tree('role'),
    domainTreeDn: flags.domainTreeDn ?? tree('domain'),
    suffix: isMeant('suffix') ? flags.suffix : (own.suffix ?? flags.suffix),
  });
  return { release, flags: { ...flags, ...said }, own, doc };
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
