import { readText } from '../files.ts';
import type { Identities } from '../identities/identities.ts';
import { loadIdentities } from '../identities/load-identities.ts';
import { loadSampleData } from '../identities/load-sample-data.ts';
import type { Release } from '../releases/release.ts';
import type { Io } from './io.ts';

/** The identities of the files, or the release's sample data where no file is given. */
export async function resolveIdentities(
  files: readonly string[] | undefined,
  release: Release,
  { env }: Io,
): Promise<Identities> {
  if (files === undefined || files.length === 0) return await loadSampleData(release.name);
  return await loadIdentities(files, { readText, env });
}
