import { rdnOf } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import { equal } from '../directory/filter.ts';
import type { Session } from '../directory/session.ts';
import { untilLimit } from '../plan/until-limit.ts';
import { LEGACY_RELEASES } from '../releases/legacy.ts';
import type { Release, Trees } from '../releases/release.ts';
import type { Finding } from './finding.ts';

/** As many users as show whose they are. */
const ENOUGH = 20;

/**
 * The releases of 2011 that could have made the users of this tree, by their names; `undefined` where there are none, or
 * where they are not alike.
 */
export async function releasesOfTree(
  session: Session,
  { user }: Pick<Trees, 'user'>,
): Promise<readonly string[] | undefined> {
  let fitting: readonly Release[] | undefined;
  let seen = 0;
  const request = {
    base: user,
    scope: 'one',
    filter: equal('objectClass', 'keystoneUser'),
    pageSize: ENOUGH,
    attributes: ['objectClass', 'keystoneName'],
  } as const;
  for await (const entry of untilLimit(session.search(request))) {
    fitting = (fitting ?? LEGACY_RELEASES).filter((release) => couldMake(release, entry));
    if (++seen === ENOUGH) break;
  }
  return fitting === undefined || fitting.length === 0 ? undefined : fitting.map(({ name }) => name);
}

/** A name that is the RDN too is read by those that know names by the RDN only. */
function couldMake({ layout: { user } }: Release, entry: Entry): boolean {
  const [name] = valuesOf(entry, 'keystoneName');
  const { type, value } = rdnOf(entry.dn);
  if (user.nameAttribute !== undefined) return name !== undefined;
  // The first schema had no class for the structure.
  const isAlone = valuesOf(entry, 'objectClass').filter((one) => one.toLowerCase() !== 'top').length === 1;
  if (user.rdn === 'cn') return name === undefined && isAlone && type.toLowerCase() === 'cn';
  return !isAlone && (name === undefined || name.toLowerCase() === value.toLowerCase());
}

/** That the users are those of other releases, which everything else that is found comes from. */
export async function* otherRevision(
  session: Session,
  { release, trees }: { readonly release: Release; readonly trees: Trees },
): AsyncGenerator<Finding> {
  const names = await releasesOfTree(session, trees);
  if (names === undefined || names.includes(release.name)) return;
  yield {
    code: 'OTHER_REVISION',
    severity: 'error',
    subject: `user tree ${trees.user}`,
    message: `its users are those of ${names.join(', ')}, and ${release.name} finds them by other names or not at all`,
    remedy: `Name the release of this Keystone with --release, or move the users into the form of ${release.name}.`,
  };
}
