import { text } from 'node:stream/consumers';
import { readText } from '../files.ts';
import type { Identities } from '../identities/identities.ts';
import { loadIdentities } from '../identities/load-identities.ts';
import { loadSampleData } from '../identities/load-sample-data.ts';
import type { Io } from './io.ts';

/** The identities of the files, or the sample data of this name, which is usually a release's, where no file is given. */
export async function resolveIdentities(
  files: readonly string[] | undefined,
  sample: { readonly name: string },
  { env, stdin }: Io,
): Promise<Identities> {
  if (files === undefined || files.length === 0) return await loadSampleData(sample.name, env);
  // Standard input can be read once only.
  let input: Promise<string> | undefined;
  const read = (path: string): Promise<string> => (path === '-' ? (input ??= text(stdin)) : readText(path));
  return await loadIdentities(files, { readText: read, env });
}
