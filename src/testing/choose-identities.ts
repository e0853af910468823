import { KeystoneLdapError } from '../errors.ts';
import { readSecretText, readText } from '../files.ts';
import type { Identities } from '../identities/identities.ts';
import { loadIdentities } from '../identities/read/load-identities.ts';
import { loadSampleData } from '../identities/read/load-sample-data.ts';
import { withinScope } from '../identities/entries/within-scope.ts';
import type { Release } from '../releases/release.ts';
import { Secret } from '../secret.ts';

/** What an identities file (docs/identities.md) may say, as an object. */
export interface IdentitiesObject {
  readonly domains?: readonly unknown[];
  readonly tenants?: readonly unknown[];
  readonly users?: readonly unknown[];
  readonly roles?: readonly unknown[];
  readonly groups?: readonly unknown[];
  readonly grants?: readonly unknown[];
}

/** Which identities a directory starts with; one of these, or the sample data of the release. */
export interface IdentityChoice {
  /** `false` for trees without anything in them. */
  readonly seed?: boolean | undefined;
  /** A sample by its name: `modern`, or that of another release. */
  readonly sample?: string | undefined;
  /** The content of an identities file: `{ users: [{ name: 'alice', password: 'secret' }] }`. */
  readonly identities?: IdentitiesObject | undefined;
  /** The path of a file of identities in YAML, or of users in CSV or LDIF, or several that belong together. */
  readonly file?: string | readonly string[] | undefined;
}

/**
 * Reads the identities; `undefined` where none are wanted.
 * @throws `USAGE` for a choice of two, `INPUT_INVALID`, `FILE_UNREADABLE`
 */
export async function chooseIdentities(
  { seed, sample, identities, file }: IdentityChoice,
  release: Pick<Release, 'name' | 'layout'>,
): Promise<Identities | undefined> {
  const given = Object.entries({ sample, identities, file }).filter(([, value]) => value !== undefined);
  const names = [...(seed === false ? ['seed: false'] : []), ...given.map(([name]) => name)];
  if (names.length > 1)
    throw new KeystoneLdapError('USAGE', `${names.join(' and ')} do not go together.`, {
      hint: 'A directory starts with a sample, with identities, or with those of a file.',
    });
  if (seed === false) return undefined;
  const { env } = process;
  if (identities !== undefined) {
    const text = JSON.stringify(identities, revealed);
    return await loadIdentities(['identities'], {
      readText: () => Promise.resolve(text),
      readSecretText,
      env,
    });
  }
  if (file !== undefined) return await loadIdentities([file].flat(), { readText, readSecretText, env });
  return withinScope(await loadSampleData(sample ?? release.name), release.layout);
}

/** JSON is YAML; but a `Secret` has become `***` before a replacer sees it, so its owner is looked at. */
function revealed(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = (this as Readonly<Record<string, unknown>>)[key];
  return original instanceof Secret ? original.reveal() : value;
}
