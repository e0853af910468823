import type { Entry } from '../directory/entry.ts';
import { readEnabled } from '../identities/entries/enabled-value.ts';
import type { ShownIds } from '../keystone-conf/modern/shown-ids.ts';
import { isSince, seriesOf, type ReleaseName } from '../releases/catalogue.ts';
import { enabledAttributeForm } from '../releases/layout-of.ts';
import type { Release } from '../releases/release.ts';
import { KeystoneFailure, type Shown } from './keystone-driver.ts';

/** Columns of Keystone's database, in characters; MariaDB and PostgreSQL mind them, SQLite does not. */
const LOCAL_ID = 64;
const MAPPED_ID = 255;
const MAPPED_ID_BEFORE_XENA = 64;
export const LONGEST_NAME = 255;

/** How long ids of the directory may be: mapped ones are kept beside the public id, others stand where that would. */
export function longestId({ kind }: ShownIds, release: ReleaseName | undefined): number {
  if (kind === 'local') return LOCAL_ID;
  return release !== undefined && isSince(release, 'xena') ? MAPPED_ID : MAPPED_ID_BEFORE_XENA;
}

export function isTooLong(text: string, longest: number): boolean {
  return text.length > longest && Array.from(text).length > longest;
}

/** @throws `KEYSTONE_FAILS` where it cannot show the entry at all, since it keeps the ids that it maps */
export function requireMappable({ entry, id }: Shown, ids: ShownIds, release: ReleaseName | undefined): void {
  if (ids.kind === 'local') return;
  const longest = longestId(ids, release);
  if (isTooLong(id, longest)) throw new KeystoneFailure(400, `the id of ${entry.dn} ${tooLong(longest)}`);
}

function tooLong(longest: number): string {
  return `is longer than the ${longest} characters that Keystone's database has a place for`;
}

type Fault = Pick<KeystoneFailure, 'status' | 'why'>;

interface KeptBy {
  readonly release: Release;
  readonly ids: ShownIds;
}

/**
 * Why Keystone fails at a user before it looks at the password: the id goes into its notifications from Mitaka on, and the name
 * from Rocky on.
 */
export function notifiedUserFault({ id }: Shown, { release, ids }: KeptBy): Fault | undefined {
  const series = seriesOf(release);
  if (series === undefined || !isSince(series, 'mitaka')) return undefined;
  const longest = longestId(ids, series);
  if (isTooLong(id, longest)) return { status: 500, why: `the id ${tooLong(longest)}` };
  return isSince(series, 'rocky') ? namelessFault(release) : undefined;
}

function namelessFault(release: Release): Fault | undefined {
  const why = ignoredNameFault(release);
  return why === undefined ? undefined : { status: 500, why };
}

/** Why no user of whom the name is ignored can log in, from Newton on. */
export function ignoredNameFault(release: Release): string | undefined {
  const series = seriesOf(release);
  const isKept = series !== undefined && isSince(series, 'newton');
  return isKept && release.layout.user.ignoresName === true
    ? 'user_attribute_ignore has name, which Keystone keeps of everybody who logs in'
    : undefined;
}

/** Why Keystone fails at a user whose password is right: from Newton on it keeps everybody at the first login. */
export function keptUserFault(
  { entry, name }: Shown,
  { release }: Pick<KeptBy, 'release'>,
): Fault | undefined {
  const series = seriesOf(release);
  if (series === undefined || !isSince(series, 'newton')) return undefined;
  const nameless = namelessFault(release);
  if (nameless !== undefined) return nameless;
  if (isTooLong(name, LONGEST_NAME)) return { status: 400, why: `the name ${tooLong(LONGEST_NAME)}` };
  const value = isSince(series, 'queens') ? enabledAsRead(entry, release) : undefined;
  const why = `"${value}" is no truth value, as Keystone's database demands; who has logged in before is let in`;
  return value === undefined ? undefined : { status: 500, why };
}

/**
 * What Keystone has read for `enabled`, if it cannot be kept as a truth value: an attribute of that name may hold a number, and
 * where a fix is known to be missing everything else is text.
 */
function enabledAsRead(entry: Entry, { layout }: Release): string | undefined {
  const form = enabledAttributeForm(layout.user.enabled);
  // A mask, and what is inverted, make a truth value of it.
  if (form === undefined || form.mask !== undefined || form.enabled !== 'TRUE') return undefined;
  const value = readEnabled(form, entry);
  const isTruth = value === undefined || typeof value === 'boolean' || value === 0n || value === 1n;
  return isTruth ? undefined : String(value);
}
