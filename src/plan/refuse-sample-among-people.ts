import { isWithin } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError } from '../errors.ts';
import type { Identities } from '../identities/identities.ts';
import { people } from './directory-sign.ts';
import type { ReleasePlace } from './refuse-other-generation.ts';
import { namingContexts } from './plan-trees.ts';
import { untilLimit } from './until-limit.ts';

/**
 * Users of the sample have published passwords, with which they can bind to most servers: none is written unasked into a
 * database where other people are, in whichever tree.
 * @throws `USAGE` naming one of these
 */
export async function refuseSampleAmongPeople(
  session: Session,
  place: ReleasePlace,
  sample: Pick<Identities, 'users'>,
): Promise<void> {
  const { user } = place.trees;
  const bases = (await namingContexts(session)).filter((context) => isWithin(user, context));
  const isOfSample = sampleTest(place, sample);
  for (const base of bases.length === 0 ? [user] : bases)
    for await (const entry of untilLimit(people(session, base, place.release)))
      if (!isOfSample(entry)) throw amongPeople(entry.dn);
}

function sampleTest({ release, trees }: ReleasePlace, { users }: Pick<Identities, 'users'>) {
  const names = new Set(users.map(({ name }) => name.toLowerCase()));
  const { rdn, nameAttribute = rdn } = release.layout.user;
  return (entry: Entry): boolean =>
    isWithin(entry.dn, trees.user) &&
    valuesOf(entry, nameAttribute).some((value) => names.has(value.toLowerCase()));
}

function amongPeople(dn: string): KeystoneLdapError {
  return new KeystoneLdapError(
    'USAGE',
    `The directory has people who are not of the sample data, such as ${dn}, and the sample's users have published passwords; nothing was written.`,
    {
      hint: 'Name the file with your identities (--file FILE). If the sample data are meant, add --sample release.',
    },
  );
}
