import { readText } from '../files.ts';
import type { Identities } from '../identities/identities.ts';
import { loadIdentities } from '../identities/load-identities.ts';
import { loadSampleData } from '../identities/load-sample-data.ts';
import { withinScope } from '../identities/within-scope.ts';
import type { Release } from '../releases/release.ts';
import type { Io } from './io.ts';

/** The identities of the files, or the sample data of this name, which is usually a release's, where no file is given. */
export async function resolveIdentities(
  files: readonly string[] | undefined,
  sample: Pick<Release, 'name' | 'layout'>,
  { env }: Io,
): Promise<Identities> {
  if (files === undefined || files.length === 0)
    return withinScope(await loadSampleData(sample.name, env), sample.layout);
  return await loadIdentities(files, { readText, env });
}
