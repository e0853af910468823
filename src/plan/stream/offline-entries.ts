import type { NewEntry } from '../../directory/entry.ts';
import { childDn } from '../../directory/dn.ts';
import { formatLdifEntry } from '../../directory/ldif.ts';
import { desiredEntries, type EntryContext } from '../../identities/desired-entries.ts';
import { homeOf } from '../../identities/home-of.ts';
import { NO_IDENTITIES, type Identities, type User } from '../../identities/identities.ts';
import { kindsIn, layoutOf, treeOf } from '../../releases/layout-of.ts';
import { newEntry } from '../diff-entry.ts';
import { containersBelow } from '../plan-trees.ts';
import { groupsOf } from './plan-beside.ts';
import { rememberingPolicy } from './remembering-policy.ts';
import type { StreamTarget } from './stream-target.ts';
import type { Survey } from './survey.ts';
import { UserForm } from './user-form.ts';

export interface Offline {
  readonly survey: Survey;
  readonly held: Identities;
  /** Where the trees are to be made too: what they lie below. */
  readonly suffix: string | undefined;
  readonly drawId: () => string;
}

/** Some at a time, as one text. */
export interface LdifPart {
  readonly ldif: string;
  readonly count: number;
}

const PART = 500;

/** The entries of a blank directory, parents first, as slapadd(8) reads them. */
export async function* offlineEntries(target: StreamTarget, offline: Offline): AsyncGenerator<LdifPart> {
  let texts: string[] = [];
  for await (const entry of entriesOf(target, offline)) {
    texts.push(formatLdifEntry(entry));
    if (texts.length < PART) continue;
    yield { ldif: `${texts.join('\n')}\n`, count: texts.length };
    texts = [];
  }
  if (texts.length > 0) yield { ldif: `${texts.join('\n')}\n`, count: texts.length };
}

async function* entriesOf(target: StreamTarget, offline: Offline): AsyncGenerator<NewEntry> {
  const { release, trees, source } = target;
  const { survey, held, suffix } = offline;
  const passwords = rememberingPolicy(target.passwords);
  if (suffix !== undefined)
    yield* containersBelow(
      suffix,
      kindsIn(trees).map((kind) => treeOf(trees, kind)),
    );
  const form = new UserForm(release.layout, trees);
  for await (const user of source.users(() => undefined)) yield newEntry(form.desired(user), passwords);
  const context = offlineContext(target, offline);
  const enabledUsers = [...survey.enabledUsers, ...held.users];
  for (const entry of desiredEntries(held, context, enabledUsers)) yield newEntry(entry, passwords);
  for (const group of groupsOf(target))
    for (const entry of desiredEntries({ ...NO_IDENTITIES, groups: [group] }, context, []))
      yield newEntry(entry, passwords);
}

/** Ids as they are given, or as the release makes them where nothing is there yet. */
function offlineContext({ release, trees }: StreamTarget, { survey, held, drawId }: Offline): EntryContext {
  const ids = new Map(survey.known.ids);
  const kinds = {
    user: held.users,
    tenant: held.tenants,
    role: held.roles,
    group: held.groups,
    domain: held.domains,
  };
  const dns = new Map<string, string>();
  for (const kind of kindsIn(trees)) {
    const layout = layoutOf(release.layout, kind);
    const items: readonly Pick<User, 'name' | 'id' | 'below'>[] = kinds[kind];
    for (const item of items) {
      const itsId = item.id ?? (layout.id === 'uuid' ? drawId() : item.name);
      ids.set(`${kind} ${item.name}`, itsId);
      const home = homeOf(trees, kind, item);
      if (home !== treeOf(trees, kind)) dns.set(`${kind} ${item.name}`, childDn(layout.rdn, itsId, home));
    }
  }
  return {
    layout: release.layout,
    trees,
    idOf: (kind, name) => ids.get(`${kind} ${name}`) ?? name,
    placeOf: (kind, name) => dns.get(`${kind} ${name}`),
  };
}
