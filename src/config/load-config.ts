import { KeystoneLdapError, type Problem } from '../errors.ts';
import { joinReadings, requireNone, type ParsedIdentities } from '../identities/parse-identities.ts';
import { readIdentities, type IdentitiesReading } from '../identities/read-identities.ts';
import { withDefaults } from '../identities/item-defaults.ts';
import { problemAt } from '../identities/source.ts';
import { configProblems } from './config-problems.ts';
import type { Config } from './definition.ts';
import { expandGlob } from './expand-glob.ts';
import { readConfig, type ConfigReading } from './read-config.ts';

/** Where files come from. */
export interface ConfigInput {
  readonly readText: (path: string) => Promise<string>;
  readonly namesIn: (folder: string) => Promise<readonly string[]>;
}

export interface LoadedConfig {
  readonly file: string;
  readonly config: Config;
  /** The file and those of identities that it names. */
  readonly files: readonly string[];
  /** Of the file and of those that it names; absent where neither has any. Passwords elsewhere are not read yet. */
  readonly identities: ParsedIdentities | undefined;
}

/**
 * Reads `keystone-ldap.yaml` and the files of identities that it names.
 * @throws `INPUT_INVALID` with all problems of all files, `FILE_UNREADABLE` for the file itself
 */
export async function loadConfig(file: string, text: string, input: ConfigInput): Promise<LoadedConfig> {
  const reading = readConfig(text, file);
  const { config, hasIdentities } = reading;
  const found = await identityFiles(reading, input);
  const others = found.readings.map((one) => ({
    ...one,
    identities: withDefaults(one.identities, reading.defaults),
  }));
  const joined = joinReadings([reading, ...others]);
  const files = [file, ...found.files];
  const problems = [
    ...joined.problems,
    ...found.problems,
    ...(reading.wellFormed ? configProblems(reading) : []),
  ];
  requireNone(problems, files, {
    subject: `${files.join(', ')} ${files.length === 1 ? 'has' : 'have'}`,
    hint: HINT,
  });
  const { identities, passwordReferences } = joined;
  const has = hasIdentities || config.identities?.files !== undefined;
  return { file, config, files, identities: has ? { identities, passwordReferences } : undefined };
}

interface IdentityFiles {
  readonly files: readonly string[];
  readonly readings: readonly IdentitiesReading[];
  readonly problems: readonly Problem[];
}

async function identityFiles({ config, places }: ConfigReading, input: ConfigInput): Promise<IdentityFiles> {
  const at = places.get('identities.files');
  const problems: Problem[] = [];
  const files: string[] = [];
  for (const pattern of config.identities?.files ?? []) {
    const matches = await expandGlob(pattern, input.namesIn);
    if (matches.length === 0) problems.push(problemAt(at, `no file is called ${pattern}`));
    files.push(...matches.filter((match) => !files.includes(match)));
  }
  const readings: IdentitiesReading[] = [];
  for (const file of files)
    try {
      readings.push(readIdentities(await input.readText(file), file));
    } catch (error) {
      if (!(error instanceof KeystoneLdapError)) throw error;
      problems.push(problemAt(at, error.message.replace(/\.$/, '')));
    }
  return { files, readings, problems };
}

const HINT = 'The format is described in docs/configuration-file.md.';
