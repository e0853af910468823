/** One Keystone with the LDAP drivers that came after the legacy backend. */
export interface CatalogueRelease {
  /**
   * What OpenStack calls the release: the year-based name where there is one (2012.1 to 2015.1, and 2023.1 on), else
   * the codename. Keystone's own numbers 8 to 30, which only its packages bear, are aliases.
   */
  readonly name: ReleaseName;
  readonly codename: string;
  /** The tag of the first general release. */
  readonly tag: string;
  /** In lower case. */
  readonly aliases: readonly string[];
  /** Of the general release, ISO 8601. */
  readonly date: string;
  /** The point release, or the package, that was asked for: `22.0.2`, `22.0.2-0+deb12u6`. */
  readonly version?: string | undefined;
}

export type ReleaseName = (typeof ROWS)[number][0];

/**
 * Name, codename, tag, date; oldest first. A series of which a point release keeps other things in LDAP has two rows; the
 * codename and all point releases that no row names are the later one.
 */
const ROWS = [
  ['2012.1', 'Essex', '2012.1', '2012-04-05'],
  ['2012.2', 'Folsom', '2012.2', '2012-09-27'],
  ['2013.1', 'Grizzly', '2013.1', '2013-04-04'],
  ['2013.1.2', 'Grizzly', '2013.1.2', '2013-06-06'],
  ['2013.2', 'Havana', '2013.2', '2013-10-17'],
  ['2014.1', 'Icehouse', '2014.1', '2014-04-17'],
  ['2014.2', 'Juno', '2014.2', '2014-10-16'],
  ['2015.1', 'Kilo', '2015.1.0', '2015-04-30'],
  ['liberty', 'Liberty', '8.0.0', '2015-10-15'],
  ['mitaka', 'Mitaka', '9.0.0', '2016-04-07'],
  ['newton', 'Newton', '10.0.0', '2016-10-06'],
  ['ocata', 'Ocata', '11.0.0', '2017-02-22'],
  ['pike', 'Pike', '12.0.0', '2017-08-30'],
  ['queens', 'Queens', '13.0.0', '2018-02-28'],
  ['rocky', 'Rocky', '14.0.0', '2018-08-30'],
  ['stein', 'Stein', '15.0.0', '2019-04-10'],
  ['train', 'Train', '16.0.0', '2019-10-16'],
  ['ussuri', 'Ussuri', '17.0.0', '2020-05-13'],
  ['victoria', 'Victoria', '18.0.0', '2020-10-14'],
  ['wallaby', 'Wallaby', '19.0.0', '2021-04-14'],
  ['xena', 'Xena', '20.0.0', '2021-10-06'],
  ['yoga', 'Yoga', '21.0.0', '2022-03-30'],
  ['zed', 'Zed', '22.0.0', '2022-10-05'],
  ['2023.1', 'Antelope', '23.0.0', '2023-03-22'],
  ['2023.2', 'Bobcat', '24.0.0', '2023-10-04'],
  ['2024.1', 'Caracal', '25.0.0', '2024-04-03'],
  ['2024.2', 'Dalmatian', '26.0.0', '2024-10-02'],
  ['2025.1', 'Epoxy', '27.0.0', '2025-04-02'],
  ['2025.2', 'Flamingo', '28.0.0', '2025-10-01'],
  ['2026.1', 'Gazpacho', '29.0.0', '2026-04-01'],
  ['2026.2', 'Hibiscus', '30.0.0', '2026-09-30'],
] as const;

/** Those of the earlier row of a series. */
const POINT_RELEASES: Partial<Record<ReleaseName, readonly string[]>> = { '2013.1': ['2013.1.1'] };

/** All of them, oldest first. */
export const CATALOGUE: readonly CatalogueRelease[] = ROWS.map(([name, codename, tag, date], at) => ({
  name,
  codename,
  tag,
  aliases: [...aliasesOf(name, codename, tag, at === ROWS.length - 1), ...(POINT_RELEASES[name] ?? [])],
  date,
}));

/** `stable/zed` and `22.0.0` are the same release as `zed` and `22`; `master` is read like the newest. */
function aliasesOf(name: string, codename: string, tag: string, newest: boolean): readonly string[] {
  const number = /^\d{1,2}(?=\.)/.exec(tag)?.[0];
  const isLast = ROWS.findLast((row) => row[1] === codename)?.[0] === name;
  const all = [isLast ? codename.toLowerCase() : undefined, number, tag, newest ? 'master' : undefined];
  return [...new Set(all)].filter((alias) => alias !== undefined && alias !== name) as string[];
}

/**
 * A release by its name or an alias, in any case; a point release (`22.0.2`, `2013.1.4`) or a package of one
 * (`2:22.0.2-0+deb12u6`) is its series with this version.
 */
export function findInCatalogue(text: string): CatalogueRelease | undefined {
  const wanted = text.toLowerCase().replace(/^(?:stable\/|\d+:)/, '');
  const found = findSeries(wanted);
  const isVersion = /^\d+\.\d+\.\d+/.test(wanted) && found?.name !== wanted;
  return found !== undefined && isVersion ? { ...found, version: wanted } : found;
}

/** The name of a release in the catalogue, whatever point release is meant; `undefined` before Essex. */
export function seriesOf({
  name,
  version,
}: {
  readonly name: string;
  readonly version?: string | undefined;
}): ReleaseName | undefined {
  return findInCatalogue(version ?? name)?.name;
}

function findSeries(wanted: string): CatalogueRelease | undefined {
  const series = /^(?:20\d\d\.\d|\d{1,2})(?=\.)/.exec(wanted)?.[0];
  return (
    CATALOGUE.find(({ name, aliases }) => name === wanted || aliases.includes(wanted)) ??
    CATALOGUE.findLast(
      ({ name, aliases, tag }) =>
        series !== undefined && (name === series || aliases.includes(series) || tag.startsWith(`${series}.`)),
    )
  );
}

/** Whether `release` is `since` or newer. */
export function isSince(release: ReleaseName, since: ReleaseName): boolean {
  return releaseIndex(release) >= releaseIndex(since);
}

/** The place in {@link CATALOGUE}: a newer release has a greater one. */
export function releaseIndex(release: ReleaseName): number {
  return PLACES.get(release) ?? -1;
}

const PLACES: ReadonlyMap<string, number> = new Map(ROWS.map(([name], index) => [name, index]));
