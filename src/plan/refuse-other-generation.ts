import { isWithin } from '../directory/dn.ts';
import type { Session } from '../directory/session.ts';
import { KeystoneLdapError, type Problem } from '../errors.ts';
import { isLegacy } from '../releases/choose-release.ts';
import { kindsIn, treeOf } from '../releases/layout-of.ts';
import type { Release, Trees } from '../releases/release.ts';
import { entriesOfOthers, OF_2011 } from './directory-sign.ts';
import { namingContexts } from './plan-trees.ts';
import { signsOfLater } from './signs-of-later.ts';
import { untilLimit } from './until-limit.ts';

/** Where a release is to write. */
export interface ReleasePlace {
  readonly release: Release;
  readonly trees: Trees;
}

/** As many are named as show what kind they are. */
const EXAMPLES = 3;

/**
 * Keystone of 2011 and of later on have nothing in common: a schema that is loaded beside people of others stays for
 * good, and entries of one are none to the other.
 * @throws `OTHER_RELEASE` naming some of the entries, and how to go on
 */
export async function refuseOtherGeneration(session: Session, place: ReleasePlace): Promise<void> {
  const { release, trees } = place;
  const ours = await entriesOf2011(session, place);
  if (!isLegacy(release)) {
    if (ours.length > 0) throw otherRelease(release, ours, 'a Keystone of 2011', FROM_2011);
    return;
  }
  if (ours.length > 0) return;
  const signs = await signsOfLater(session, trees);
  if (signs.length > 0) throw otherRelease(release, signs.slice(0, EXAMPLES), 'a later Keystone', FOR_2011);
  const others = await peopleOfOthers(session, place);
  if (others.length > 0)
    throw otherRelease(release, others, 'people that no Keystone of 2011 reads', FOR_2011);
}

async function entriesOf2011(session: Session, { trees }: ReleasePlace): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const base of new Set(kindsIn(trees).map((kind) => treeOf(trees, kind)))) {
    const request = { base, scope: 'sub', filter: OF_2011, attributes: ['1.1'], pageSize: EXAMPLES } as const;
    for await (const { dn } of untilLimit(session.search(request)))
      if (found.add(dn).size >= EXAMPLES) return [...found];
  }
  return [...found];
}

/** In the whole database of each tree: what is loaded for one tree is there for all. */
async function peopleOfOthers(session: Session, { trees }: ReleasePlace): Promise<readonly string[]> {
  const dns = kindsIn(trees).map((kind) => treeOf(trees, kind));
  const contexts = await namingContexts(session);
  const found: string[] = [];
  for (const base of contexts.filter((context) => dns.some((dn) => isWithin(dn, context))))
    for await (const { dn } of untilLimit(entriesOfOthers(session, base)))
      if (found.push(dn) >= EXAMPLES) return found;
  return found;
}

function otherRelease(
  { title }: Release,
  dns: readonly string[],
  whose: string,
  hint: string,
): KeystoneLdapError {
  const problems: Problem[] = dns.map((dn) => ({ message: dn }));
  return new KeystoneLdapError(
    'OTHER_RELEASE',
    `The directory holds entries of ${whose}, and ${title} uses none of them; nothing was written.`,
    { problems, hint },
  );
}

const FROM_2011 =
  'To move them, give the new release a server or trees of its own (--user-tree-dn and the like): docs/runbook-upgrade.md. ' +
  'To write beside them all the same: --allow-other-release.';
const FOR_2011 =
  'Name the release of your Keystone with --release ("keystone-manage --version" tells it). ' +
  'If it really is one of 2011, and its schema may stay on this server for good: --allow-other-release.';
