import { packageFile, readText } from '../files.ts';
import type { Identities } from './identities.ts';
import { parseIdentities } from './parse-identities.ts';

/**
 * The identities with which a legacy release's developers filled their test systems, by the release's name.
 * @throws `FILE_UNREADABLE` for a release without any
 */
export async function loadSampleData(release: string): Promise<Identities> {
  const file = `fixtures/sample-data/${release}.yaml`;
  return parseIdentities([{ file, text: await readText(packageFile(file)) }]).identities;
}
