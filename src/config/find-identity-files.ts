import { KeystoneLdapError, type Problem } from '../errors.ts';
import { readIdentities, type IdentitiesReading } from '../identities/read/read-identities.ts';
import { problemAt } from '../identities/read/source.ts';
import { isUserFile } from '../identities/users/user-file.ts';
import { expandGlob } from './expand-glob.ts';
import type { ConfigInput } from './config-input.ts';
import type { ConfigReading } from './read-config.ts';
import type { NamedFile } from './read-user-files.ts';

/** The files that `identities.files` means. */
export interface IdentityFiles {
  /** All that are there, in their order. */
  readonly files: readonly string[];
  /** Of those in YAML. */
  readonly readings: readonly IdentitiesReading[];
  /** Those in CSV and LDIF. */
  readonly userFiles: readonly NamedFile[];
  readonly problems: readonly Problem[];
}

/** Finds the files of identities, and reads those in YAML. */
export async function findIdentityFiles(
  reading: ConfigReading,
  { namesIn, readText }: ConfigInput,
): Promise<IdentityFiles> {
  const problems: Problem[] = [];
  const files = new Map<string, NamedFile>();
  for (const { path: pattern, at } of patterns(reading)) {
    const matches = await expandGlob(pattern, namesIn);
    if (matches.length === 0) problems.push(problemAt(at, `no file is called ${pattern}`));
    for (const path of matches) if (!files.has(path)) files.set(path, { path, at });
  }
  const readings: IdentitiesReading[] = [];
  const userFiles: NamedFile[] = [];
  for (const { path, at } of files.values())
    try {
      if (isUserFile(path)) userFiles.push({ path, at });
      else if (YAML.test(path)) readings.push(readIdentities(await readText(path), path));
      else problems.push(problemAt(at, `${path} is none of identities: these end in ${ENDINGS}`));
    } catch (error) {
      if (!(error instanceof KeystoneLdapError)) throw error;
      const itself = problemAt(at, error.message.replace(/\.$/, ''));
      problems.push(...(error.problems.length > 0 ? error.problems : [itself]));
    }
  return { files: [...files.keys()], readings, userFiles, problems };
}

function patterns({ config, places }: ConfigReading): readonly NamedFile[] {
  const whole = places.get('identities.files');
  return (config.identities?.files ?? []).map((path, index) => ({
    path,
    at: places.get(`identities.files[${index}]`) ?? whole,
  }));
}

const YAML = /\.ya?ml$/i;
const ENDINGS = '.yaml, .yml, .csv or .ldif';
