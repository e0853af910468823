import { dnKey, foldCase, isWithin, rdnOf } from '../directory/dn.ts';
import { layoutOf } from '../releases/layout-of.ts';
import type { EntryContext } from './checks/check.ts';
import type { Finding } from './finding.ts';
import { MemberPlaces, type Presence } from './member-places.ts';
import { Tally } from './tally.ts';
import { textHash } from '../hash-of.ts';

/** Of how many the text is kept; all are counted. */
const MOST_TEXTS = 1000;
/** Of how many that are below no tree of users the entry is read. */
const MOST_READS = 10;

interface Stranger {
  readonly member: string;
  /** In how many groups. */
  count: number;
  /** The first of them, where the text is kept. */
  readonly group: string | undefined;
}

/** Members that are DNs of no user that Keystone shows, by where they lead. */
export type Places = Readonly<Record<'absent' | 'left out' | 'nested' | 'outside', Place>>;

class Place {
  readonly all = new Tally();
  /** Those that make listing the group fail. */
  harmful = 0;
  /** Those for whom Keystone takes a user below its tree, since that one has the same id. */
  namesakes = 0;

  add({ member, count, group }: Stranger, isHarmful: boolean): void {
    for (let at = 0; at < count; at += 1)
      this.all.add(group === undefined ? member : `${member} in ${group}`);
    if (isHarmful) this.harmful += count;
  }
}

/** Members that are no users: people whom a filter leaves out, groups within groups, and what is gone. */
export class Strangers {
  readonly #members = new Map<number, Stranger>();
  readonly #groups = new Set<number>();

  get count(): number {
    return [...this.#members.values()].reduce((sum, { count }) => sum + count, 0);
  }

  addGroup(dn: string): void {
    this.#groups.add(textHash(dnKey(dn)));
  }

  add(member: string, group: string): void {
    const key = textHash(dnKey(member));
    const known = this.#members.get(key);
    if (known !== undefined) known.count += 1;
    else
      this.#members.set(key, {
        ...{ member, count: 1 },
        group: this.#members.size < MOST_TEXTS ? group : undefined,
      });
  }

  async places(context: EntryContext): Promise<Places> {
    const { release, trees } = context.backend;
    const { lookup } = release.layout;
    const { rdn } = layoutOf(release.layout, 'user');
    const alwaysFails = lookup === 'dn' || layoutOf(release.layout, context.kind).unknownMember !== undefined;
    const isOfTree = ({ member }: Stranger): boolean => isWithin(member, trees.user);
    const entries = new MemberPlaces();
    for (const one of this.#members.values()) if (isOfTree(one)) entries.add(one.member);
    await entries.look(context);
    const places = {
      absent: new Place(),
      'left out': new Place(),
      nested: new Place(),
      outside: new Place(),
    };
    // From Train on Keystone reads the id from the entry where the RDN is of another type.
    const isReadOf = ({ member }: Stranger): boolean =>
      lookup === 'id' && foldCase(rdnOf(member).type) !== foldCase(rdn);
    const abroad = [...this.#members.values()].filter((one) => !isOfTree(one) && isReadOf(one));
    const presences = await readPresences(abroad.slice(0, MOST_READS), context);
    for (const [key, one] of this.#members) {
      const presence = isOfTree(one) ? entries.presence(one.member) : presences.get(one);
      const place = placeOf(presence, { isGroup: this.#groups.has(key), isOfTree: isOfTree(one) });
      const isKnown = presence !== undefined;
      if (place === 'outside' && isNamesake(one.member, rdn, context)) places.outside.namesakes += one.count;
      places[place].add(one, alwaysFails || (isReadOf(one) && isKnown && presence !== 'with id'));
    }
    return places;
  }
}

function placeOf(
  presence: Presence | undefined,
  { isGroup, isOfTree }: { readonly isGroup: boolean; readonly isOfTree: boolean },
): keyof Places {
  if (isGroup) return 'nested';
  if (!isOfTree) return 'outside';
  return presence === 'absent' ? 'absent' : 'left out';
}

/** Whether a user below the tree has the id that is in this DN. */
function isNamesake(member: string, rdn: string, { users }: EntryContext): boolean {
  const { type, value } = rdnOf(member);
  return foldCase(type) === foldCase(rdn) && users.hasIdInAnyCase(value);
}

/** Of entries that are in no tree that is read anyway. */
async function readPresences(
  strangers: readonly Stranger[],
  { backend, session }: EntryContext,
): Promise<ReadonlyMap<Stranger, Presence>> {
  const { rdn } = layoutOf(backend.release.layout, 'user');
  const presences = new Map<Stranger, Presence>();
  for (const one of strangers) {
    // As Keystone does, to the case of the name, and without operational attributes.
    const entry = await session.read(one.member, ['*']);
    const hasId = entry?.attributes[rdn] !== undefined;
    presences.set(one, entry === undefined ? 'absent' : hasId ? 'with id' : 'without id');
  }
  return presences;
}

/** What Keystone makes of them. People who are left out on purpose are no fault. */
export function* strangerFindings(places: Places, { backend, kind }: EntryContext): Generator<Finding> {
  const { members = 'member' } = layoutOf(backend.release.layout, kind);
  const subject = `${members} of ${kind}s below ${backend.trees[kind] ?? ''}`;
  const fails = `listing such a ${kind} ends in HTTP ${backend.release.layout.lookup === 'dn' ? '500' : '404 or 500'}`;
  const finding = (
    place: Place,
    harmless: Finding['severity'],
    { code, message, remedy }: Pick<Finding, 'code' | 'message' | 'remedy'>,
  ): Finding => ({
    ...{ code, subject, remedy, count: place.all.count },
    severity: place.harmful > 0 ? 'error' : harmless,
    message: `${message}; ${place.harmful > 0 ? fails : 'Keystone passes over them'}`,
  });
  const { absent, 'left out': leftOut, nested, outside } = places;
  if (absent.all.count > 0)
    yield finding(absent, 'warning', {
      code: 'MEMBER_UNKNOWN',
      message: `not in the directory, as far as this account sees, are ${absent.all.text}`,
      remedy:
        'Decide for each: look with an account that sees everything. If the entry is gone, remove the value.',
    });
  if (leftOut.all.count > 0)
    yield finding(leftOut, 'info', {
      code: 'MEMBER_LEFT_OUT',
      message: `in the directory, but left out by user_filter, user_objectclass, user_id_attribute, user_name_attribute or query_scope are ${leftOut.all.text}`,
      remedy:
        leftOut.harmful > 0
          ? 'Decide which attribute all members have, and name it in user_id_attribute; or give these entries an id.'
          : 'Nothing needs to be done: decide only whether Keystone is to see these people too.',
    });
  if (nested.all.count > 0)
    yield finding(nested, 'info', {
      code: 'MEMBER_NESTED',
      message: `groups, into which Keystone does not look, are ${nested.all.text}`,
      remedy:
        'Decide whether the members of these groups are to count: then list them in the outer group too. To Keystone, a group that has only people in it is the safe form.',
    });
  if (outside.all.count > 0) yield outsideFinding(outside, subject, backend.trees.user);
}

function outsideFinding(outside: Place, subject: string, tree: string): Finding {
  return {
    ...{ code: 'MEMBER_OUTSIDE', severity: outside.harmful > 0 ? 'error' : 'warning', subject },
    count: outside.all.count,
    message: `not below ${tree} are ${outside.all.text}; ${
      outside.harmful > 0
        ? 'listing such a group ends in HTTP 404 or 500'
        : 'Keystone takes each for the user of its tree with the same id, passes over it, or fails'
    }`,
    remedy:
      outside.namesakes > 0
        ? `Decide whether these people are users of the cloud. ${outside.namesakes} of these members have the id of a user below ${tree}, whom Keystone puts into the group instead, and a tree that holds both would give one the roles of the other: first decide on another user_id_attribute, or give them other ids. If they are not users of the cloud, leave them out of groups that Keystone reads.`
        : 'Decide whether these people are users of the cloud: then set user_tree_dn to a tree that holds all, with query_scope = sub; else leave them out of groups that Keystone reads.',
  };
}
