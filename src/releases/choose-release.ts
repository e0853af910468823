import { DEFAULT_RELEASE, findRelease } from './find-release.ts';
import type { Release } from './release.ts';

/** What a keystone.conf tells of the release. */
export interface ToldByConf {
  readonly kind: 'legacy' | 'modern' | 'untold';
  /** The releases that read such a file, where these are few. */
  readonly candidates?: readonly string[];
  readonly file: string;
}

/** A Keystone that is installed on this machine. */
export interface InstalledKeystone {
  readonly version: string;
  /** Absent where it is none that is known here, or where two programs tell two. */
  readonly release: string | undefined;
  /** Who told it. */
  readonly by: string;
}

/** What a directory tells of the Keystone that uses it. */
export type DirectorySign =
  /** No entry below the suffix. */
  | { readonly kind: 'blank' }
  /** The schema of a release of 2011, and nothing that is not its own. */
  | { readonly kind: 'legacy'; readonly release: string }
  /** Anything else; of a directory that shows nothing, nobody knows. */
  | { readonly kind: 'used'; readonly why: string };

/** All signs there are; what was not found is absent. */
export interface ReleaseSigns {
  readonly conf?: ToldByConf | undefined;
  readonly installed?: InstalledKeystone | undefined;
  readonly directory?: DirectorySign | undefined;
}

/** Either a release with the reason, to be said aloud, or why none can be told. */
export type ReleaseChoice =
  | { readonly release: string; readonly because: string; readonly why?: never }
  | { readonly release?: never; readonly why: string };

/**
 * The release that the signs tell. Nothing is guessed: a schema that is loaded stays for good, and entries of one release
 * are none to another.
 */
export function chooseRelease({ conf, installed, directory }: ReleaseSigns): ReleaseChoice {
  if (conf !== undefined) return byConf(conf, { installed, directory });
  if (installed !== undefined) return byInstalled(installed, directory);
  if (directory?.kind === 'blank')
    return { release: DEFAULT_RELEASE, because: 'the default for a blank server' };
  if (directory?.kind === 'legacy')
    return { release: directory.release, because: 'the server has its schema, and no other entries' };
  return { why: directory?.why ?? 'nothing tells it' };
}

/** The generation that decides whether Keystone needs a schema of its own. */
export function isLegacy({ schema }: Pick<Release, 'schema'>): boolean {
  return schema.kind === 'revision';
}

type Others = Omit<ReleaseSigns, 'conf'>;

function byConf(conf: ToldByConf, others: Others): ReleaseChoice {
  const { installed, directory } = others;
  if (conf.kind === 'legacy') return byLegacyConf(conf, others);
  const why = conf.kind === 'modern' ? `${conf.file} is of Essex or later` : `${conf.file} does not tell it`;
  if (installed?.release === undefined) return { why };
  if (conf.kind === 'modern' && isLegacy(findRelease(installed.release)))
    return { why: `${why}, and ${toldBy(installed)}` };
  return byInstalled(installed, directory);
}

/** One of the releases that read such a file, if something else tells which, and nothing contradicts. */
function byLegacyConf(
  { file, candidates = [] }: ToldByConf,
  { installed, directory }: Others,
): ReleaseChoice {
  const why = `${file} is of ${candidates.join(' or ')}`;
  const against = (release: string | undefined): boolean => !candidates.includes(release ?? '');
  if (installed !== undefined && against(installed.release))
    return { why: `${why}, and ${toldBy(installed)}` };
  const schema = directory?.kind === 'legacy' ? directory.release : undefined;
  if (schema !== undefined && against(schema))
    return { why: `${why}, and the server has the schema of ${schema}` };
  if (installed !== undefined) return byInstalled(installed, directory);
  const only = candidates.length === 1 ? candidates[0] : undefined;
  const release = schema ?? only;
  return release === undefined ? { why } : { release, because: why };
}

function byInstalled(installed: InstalledKeystone, directory: DirectorySign | undefined): ReleaseChoice {
  const { release } = installed;
  if (release === undefined) return { why: toldBy(installed) };
  if (directory?.kind === 'legacy' && directory.release !== release)
    return { why: `${toldBy(installed)}, and the server has the schema of ${directory.release}` };
  return { release, because: toldBy(installed) };
}

function toldBy({ version, by }: InstalledKeystone): string {
  return `Keystone ${version} is installed here (${by})`;
}
