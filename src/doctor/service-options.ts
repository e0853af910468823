import { effectiveNamed } from '../keystone-conf/modern/effective-option.ts';
import { findInCatalogue, isSince } from '../releases/catalogue.ts';
import type { OptionValue } from '../releases/option-history.ts';
import type { KeystoneFiles } from './keystone-files.ts';

/** The release that brought `keystone-manage doctor`, and the options that it looks at. */
const DOCTOR_SINCE = 'newton';

export type ReadOption = (section: string, name: string) => OptionValue;

/** Reads what the main files say beside LDAP; `undefined` where the release is too old or the files make no sense. */
export function serviceOptions({ main, release }: KeystoneFiles): ReadOption | undefined {
  const entry = findInCatalogue(release.name);
  if (entry === undefined || !isSince(entry.name, DOCTOR_SINCE) || main.problems.length > 0) return undefined;
  return (section, name) => effectiveNamed(main, entry.name, name, section).value;
}
