import { CATALOGUE, isSince, type ReleaseName } from '../../releases/catalogue.ts';

/** The releases whose sample data differ from those of the one before. */
const FIRST_RELEASES: readonly ReleaseName[] = [
  '2012.1',
  '2013.1',
  '2014.1',
  '2014.2',
  'liberty',
  'mitaka',
  'newton',
  'ocata',
  'queens',
  'stein',
  '2025.2',
];

/** The same of the milestones of 2011. */
const SAME_AS: Readonly<Record<string, string>> = { 'essex-2': 'essex-1', '2012-01-20': 'essex-3' };

/**
 * The file, within the package, with the sample data of this name: those of a release, which stand in a file named after
 * the first that had them, or a sample of our own such as `modern`.
 */
export function sampleDataFile(name: string): string {
  const release = CATALOGUE.find((one) => one.name === name)?.name;
  const first = release === undefined ? undefined : FIRST_RELEASES.findLast((one) => isSince(release, one));
  return `fixtures/sample-data/${first ?? SAME_AS[name] ?? name}.yaml`;
}
