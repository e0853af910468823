import { KeystoneLdapError } from '../../errors.ts';
import { NO_IDENTITIES, type Identities } from '../../identities/identities.ts';
import {
  loadIdentities,
  withAllUsers,
  withPasswords,
  type IdentitiesInput,
} from '../../identities/read/load-identities.ts';
import type { DeclaredIdentities } from '../flags/declared-identities.ts';
import { withinScope } from '../../identities/entries/within-scope.ts';
import type { Release } from '../../releases/release.ts';
import { inputReaders } from '../terminal/read-input.ts';
import type { Io } from '../terminal/io.ts';

/** Where identities may come from, most explicit first. */
export interface IdentitySources {
  readonly file?: readonly string[];
  readonly declared?: DeclaredIdentities;
  /** A sample of our own in place of the release's. */
  readonly sample?: string | false;
}

/**
 * The identities of the files or of the configuration file, or where there are none sample data: the release's own
 * unless told which.
 */
export async function resolveIdentities(
  { file: files = [], declared, sample }: IdentitySources,
  { name: release, layout }: Pick<Release, 'name' | 'layout'>,
  io: Io,
): Promise<Identities> {
  const { env } = io;
  if (files.length > 0) return await loadIdentities(files, identitiesInput(io));
  const ofName = async (name: string): Promise<Identities> => {
    const { loadSampleData } = await import('../../identities/read/load-sample-data.ts');
    return withinScope(await loadSampleData(name, env), layout);
  };
  if (declared === undefined) return await ofName(sampleName(sample, release));
  const { parsed, users, sample: own } = declared;
  if (own !== undefined) return await ofName(sampleName(own, release));
  if (parsed !== undefined) {
    const beside = await resolveBesideUsers(declared, io);
    return users === undefined ? beside : await withAllUsers(beside, users);
  }
  throw new KeystoneLdapError('USAGE', `${declared.files.join(', ')} declares no identities.`, {
    hint: 'Add "identities" to it, or give --file.',
  });
}

/** A sample is called by its name; that of the release also is `release`. */
function sampleName(sample: string | false | undefined, release: string): string {
  return sample === undefined || sample === false || sample === 'release' ? release : sample;
}

/** Files, standard input and the environment. */
export function identitiesInput(io: Io): IdentitiesInput {
  return { ...inputReaders(io), env: io.env };
}

/** The identities of a configuration file, but for users that are too many to be among them. */
export async function resolveBesideUsers({ parsed, files }: DeclaredIdentities, io: Io): Promise<Identities> {
  if (parsed === undefined) return NO_IDENTITIES;
  return await withPasswords(parsed, files, identitiesInput(io));
}
