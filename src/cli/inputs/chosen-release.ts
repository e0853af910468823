import { KeystoneLdapError } from '../../errors.ts';
import { directorySign } from '../../plan/directory-sign.ts';
import { chooseRelease, isLegacy, type ReleaseChoice } from '../../releases/choose-release.ts';
import type { Release } from '../../releases/release.ts';
import { addressOf } from './address-of.ts';
import { findConf, type FoundConf } from './find-conf.ts';
import { installedKeystone } from './installed-keystone.ts';
import type { Io } from '../terminal/io.ts';
import { remark } from '../terminal/output.ts';
import type { ReleaseFlags } from './release-flags.ts';
import { withDirectory, type Connection } from '../../system/connection.ts';
import { ask, requireDn } from './resolve-connection.ts';
import { resolveRelease } from './resolve-release.ts';

/** What may tell the release, beside the server. */
export interface ReleaseSources extends ReleaseFlags {
  readonly keystoneConf?: string | readonly [string, ...string[]] | undefined;
  readonly uri?: string;
  readonly suffix?: string;
  readonly allowOtherRelease?: boolean;
}

/** The connection to the server, resolved when the server is first needed. */
export type LazyConnection = () => Promise<Connection>;

/**
 * The release that is named, set up as the flags say; else the one that keystone.conf, an installed Keystone or a blank
 * server tells, which is said aloud. Otherwise a person is asked.
 * @throws `USAGE` where nobody can be asked, `OTHER_RELEASE` where keystone.conf is of another generation
 */
export async function chosenRelease(
  flags: ReleaseSources,
  io: Io,
  connection?: LazyConnection,
): Promise<Release> {
  const given = flags.keystoneConf ?? flags.declaredConf;
  const conf = await findConf(typeof given === 'object' ? given[0] : given, io.env);
  const name = flags.release ?? (await tellRelease(conf, { ...flags, connection }, io));
  const release = resolveRelease(flags, name);
  refuseFoundConf(release, conf, flags);
  return release;
}

async function tellRelease(
  conf: FoundConf | undefined,
  { suffix, connection }: ReleaseSources & { readonly connection: LazyConnection | undefined },
  io: Io,
): Promise<string> {
  const installed = await installedKeystone(io);
  let choice = chooseRelease({ conf, installed });
  if (choice.release === undefined && connection !== undefined && mayBeToldByServer(conf, installed)) {
    const base = suffix === undefined ? undefined : requireDn('--suffix', suffix);
    const directory = await withDirectory(await connection(), (session) => directorySign(session, base));
    choice = chooseRelease({ conf, installed, directory });
  }
  return await saidOrAsked(choice, io);
}

/** Only the schema of the server tells apart what a file of 2011 leaves open; of later ones it tells nothing. */
function mayBeToldByServer(conf: FoundConf | undefined, installed: object | undefined): boolean {
  return installed === undefined && (conf === undefined || conf.kind === 'legacy');
}

/** @throws `USAGE` naming the flag */
export async function saidOrAsked(choice: ReleaseChoice, io: Io): Promise<string> {
  if (choice.release !== undefined) {
    remark(io, `Assuming ${choice.release}: ${choice.because} (override with --release).`);
    return choice.release;
  }
  if (io.asker !== undefined) return await ask(io, `Which Keystone release (${choice.why})?`, FLAG);
  throw new KeystoneLdapError('USAGE', `${FLAG} is missing: ${choice.why}.`, {
    hint: '"keystone-manage --version" or the package of Keystone tells it; "keystone-ldap releases" lists all.',
  });
}

const FLAG = '--release NAME (or KEYSTONE_LDAP_RELEASE)';

/** A file that was found by chance counts only if it names the server. */
function refuseFoundConf(release: Release, conf: FoundConf | undefined, flags: ReleaseSources): void {
  const { uri } = flags;
  const isMeant =
    (flags.keystoneConf ?? flags.declaredConf) !== undefined ||
    (uri !== undefined && conf?.url?.split(',').some((url) => addressOf(url) === addressOf(uri)) === true);
  if (conf !== undefined && isMeant) refuseOtherConf(release, conf, flags);
}

/**
 * Neither generation of Keystone reads anything of the other's file.
 * @throws `OTHER_RELEASE` for a keystone.conf of the other one, unless that is insisted on
 */
export function refuseOtherConf(
  release: Release,
  { file, kind }: Pick<FoundConf, 'file' | 'kind'>,
  { allowOtherRelease }: Pick<ReleaseSources, 'allowOtherRelease'>,
): void {
  if (allowOtherRelease === true || kind === 'untold' || isLegacy(release) === (kind === 'legacy')) return;
  const what = kind === 'legacy' ? 'a Keystone of 2011' : 'Essex or later';
  throw new KeystoneLdapError(
    'OTHER_RELEASE',
    `${file} is of ${what}, and ${release.title} does not read it; nothing was written.`,
    {
      hint: 'Name the release of this file with --release, or another file, or insist with --allow-other-release.',
    },
  );
}
