import type { NewEntry } from '../../directory/entry.ts';
import { childDn } from '../../directory/dn.ts';
import { LdifWriter } from '../../directory/format-ldif.ts';
import type { DesiredEntry } from '../../identities/entries/desired-entry.ts';
import { desiredEntries } from '../../identities/entries/desired-entries.ts';
import type { EntryContext } from '../../identities/entries/identity-dn.ts';
import { homeOf } from '../../identities/entries/home-of.ts';
import { NO_IDENTITIES, type Identities, type User } from '../../identities/identities.ts';
import { kindsIn, layoutOf, treeOf } from '../../releases/layout-of.ts';
import { newEntry } from '../identities/diff-entry.ts';
import { containersBelow } from '../plan-trees.ts';
import { groupsOf, type StreamTarget } from './stream-target.ts';
import type { Survey } from './survey-result.ts';
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

/** The entries of a blank directory, parents first, as slapadd(8) reads them. */
export async function* offlineEntries(target: StreamTarget, offline: Offline): AsyncGenerator<LdifPart> {
  const { release, trees, source, passwords } = target;
  const { survey, held, suffix } = offline;
  const writer = new LdifWriter();
  const asText = (entries: readonly NewEntry[]): LdifPart => ({
    ldif: entries.map((entry) => `${writer.record(entry)}\n`).join(''),
    count: entries.length,
  });
  const part = (entries: readonly DesiredEntry[]): LdifPart =>
    asText(entries.map((entry) => newEntry(entry, passwords)));
  if (suffix !== undefined) {
    const containers = kindsIn(trees).map((kind) => treeOf(trees, kind));
    yield asText(containersBelow(suffix, containers));
  }
  const form = new UserForm(release.layout, trees);
  for await (const users of source.users(() => undefined))
    yield part(users.map((user) => form.desired(user)));
  const context = offlineContext(target, offline);
  yield part(desiredEntries(held, context, [...survey.enabledUsers, ...held.users]));
  // One at a time, since each may be large.
  for (const group of groupsOf(target))
    yield part(desiredEntries({ ...NO_IDENTITIES, groups: [group] }, context, []));
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
