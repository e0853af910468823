import { NO_IDENTITIES } from '../identities/identities.ts';
import type { ConfigInput } from './config-input.ts';
import { sourceWithDefaults, withDefaults } from '../identities/read/item-defaults.ts';
import { joinReadings, type ParsedIdentities } from '../identities/read/parse-identities.ts';
import { requireNone } from '../identities/read/require-none.ts';
import type { UserSource } from '../identities/users/user-source.ts';
import { configProblems } from './config-problems.ts';
import type { Config } from './definition.ts';
import { findIdentityFiles } from './find-identity-files.ts';
import { readConfig } from './read-config.ts';
import { readUserFiles } from './read-user-files.ts';

export interface LoadedConfig {
  readonly file: string;
  readonly config: Config;
  /** The file and those of identities that it names. */
  readonly files: readonly string[];
  /** Of the file and of those that it names; absent where neither has any. Passwords elsewhere are not read yet. */
  readonly identities: ParsedIdentities | undefined;
  /** Users of CSV and LDIF files, where they are too many to be among the identities; not checked yet. */
  readonly users?: UserSource;
}

/**
 * Reads `keystone-ldap.yaml` and the files of identities that it names.
 * @throws `INPUT_INVALID` with all problems of all files, `FILE_UNREADABLE` for the file itself
 */
export async function loadConfig(file: string, text: string, input: ConfigInput): Promise<LoadedConfig> {
  const reading = readConfig(text, file);
  const { config, hasIdentities, defaults } = reading;
  const found = await findIdentityFiles(reading, input);
  const own = [...(reading.wellFormed ? configProblems(reading) : []), ...found.problems];
  const hasProblems = [reading, ...found.readings, { problems: own }].some((one) => one.problems.length > 0);
  const { users, source, problems } = await readUserFiles(found.userFiles, input.readChunks, hasProblems);
  const others = [...found.readings, { ...NOTHING, identities: { ...NO_IDENTITIES, users }, problems }];
  const joined = joinReadings(
    [reading, ...others.map((one) => ({ ...one, identities: withDefaults(one.identities, defaults) }))],
    // A user whose line is at fault is meant to be declared.
    { usersElsewhere: source !== undefined || problems.length > 0 },
  );
  const files = [file, ...found.files];
  requireNone([...joined.problems, ...own], files, {
    subject: `${files.join(', ')} ${files.length === 1 ? 'has' : 'have'}`,
    hint: HINT,
  });
  const { identities, passwordReferences } = joined;
  const has = hasIdentities || config.identities?.files !== undefined;
  return {
    ...{ file, config, files, identities: has ? { identities, passwordReferences } : undefined },
    ...(source !== undefined && { users: sourceWithDefaults(source, defaults) }),
  };
}

const NOTHING = { passwordReferences: [], defaults: {}, wellFormed: true };

const HINT = 'The format is described in docs/configuration-file.md.';
