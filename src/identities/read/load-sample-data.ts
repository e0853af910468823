import { packageFile, readText } from '../../files.ts';
import type { Variables } from './expand-variables.ts';
import type { Identities } from '../identities.ts';
import { parseIdentities } from './parse-identities.ts';
import { sampleDataFile } from './sample-data-file.ts';

/**
 * The identities with which a release's developers filled their test systems, by the release's name, or the sample of our
 * own called `modern`. The environment may change passwords and addresses, as it did in the release's own script.
 * @throws `FILE_UNREADABLE` for a release without any; `INPUT_INVALID` for a variable that cannot be a value
 */
export async function loadSampleData(name: string, env: Variables = {}): Promise<Identities> {
  const file = sampleDataFile(name);
  return parseIdentities([{ file, text: await readText(packageFile(file)) }], env).identities;
}
