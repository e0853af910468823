import { childDn, foldCase } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import { libldapFilter } from '../../directory/libldap-filter.ts';
import { textHash } from '../../hash-of.ts';
import type { Session } from '../../directory/session.ts';
import { enabledAttributeForm, layoutOf, treeOf } from '../../releases/layout-of.ts';
import type { EnabledForm, EnabledKind, EntryKind, Layout, Trees } from '../../releases/release.ts';
import { emulationGroupDn } from './emulation-group.ts';
import { isEnabledBy } from './enabled-value.ts';
import { MemberSet } from './member-set.ts';

export interface EnabledPlace {
  readonly layout: Layout;
  readonly trees: Trees;
}

/** Of so many ids each is searched for. */
const FEW_SEARCHES = 100;

type EnabledGroup = Extract<EnabledForm, { kind: 'group' }>;

/** Whom Keystone treats as enabled: by an attribute and its default, by a mask, or by the group that emulates it. */
export class EnabledModel {
  readonly #session: Session;
  readonly #place: EnabledPlace;
  readonly #members = new Map<EnabledKind, Promise<MemberSet>>();
  readonly #exists = new Map<EnabledKind, Promise<boolean>>();
  readonly #shared = new Map<EntryKind, Promise<ReadonlySet<number>>>();
  #searches = 0;

  constructor(session: Session, place: EnabledPlace) {
    this.#session = session;
    this.#place = place;
  }

  /** The id is the one by which Keystone knows the entry. */
  async isEnabled(kind: EnabledKind, entry: Entry, id: string): Promise<boolean> {
    const { enabled } = layoutOf(this.#place.layout, kind);
    if (enabled.kind === 'group')
      return await this.#isMember(kind, enabled, await this.memberFor(kind, entry, id));
    const form = enabledAttributeForm(enabled);
    return form === undefined || isEnabledBy(form, entry);
  }

  /** Whether the directory or a default says it at all. */
  async isSaid(kind: EnabledKind, entry: Entry): Promise<boolean> {
    const { enabled } = layoutOf(this.#place.layout, kind);
    if (enabled.kind === 'always') return true;
    if (enabled.kind === 'attribute')
      return enabled.absent !== undefined || valuesOf(entry, enabled.attribute).length > 0;
    const found =
      this.#exists.get(kind) ??
      this.#session.read(emulationGroupDn(kind, this.#place), ['1.1']).then((group) => group !== undefined);
    this.#exists.set(kind, found);
    return await found;
  }

  /**
   * The value that Keystone looks for in the group. With `query_scope = one` it computes the DN; otherwise it takes the first
   * entry that has the id, which is another one if several have it.
   */
  async memberFor(kind: EntryKind, entry: Entry, id: string): Promise<string> {
    const { layout, trees } = this.#place;
    const { rdn, enabled } = layoutOf(layout, kind);
    if (enabled.kind === 'group' && enabled.membersAre === 'ids') return id;
    if (layout.scope === 'one') return childDn(rdn, id, treeOf(trees, kind));
    return (await this.#isShared(kind, id)) ? await this.#firstWith(kind, id, entry.dn) : entry.dn;
  }

  /** Whether several entries may have the id: for some it is simply asked, before all ids are read once. */
  async #isShared(kind: EntryKind, id: string): Promise<boolean> {
    this.#searches += 1;
    if (this.#searches <= FEW_SEARCHES) return true;
    const shared = this.#shared.get(kind) ?? this.#sharedIds(kind);
    this.#shared.set(kind, shared);
    return (await shared).has(textHash(foldCase(id)));
  }

  async #sharedIds(kind: EntryKind): Promise<ReadonlySet<number>> {
    const { layout, trees } = this.#place;
    const { rdn, marker } = layoutOf(layout, kind);
    const filter = libldapFilter(`(objectClass=${marker})`);
    const request = { base: treeOf(trees, kind), scope: layout.scope, filter, attributes: [rdn] };
    const [seen, shared] = [new Set<number>(), new Set<number>()];
    for await (const entry of this.#session.search(request))
      for (const value of valuesOf(entry, rdn)) {
        const hash = textHash(foldCase(value));
        if (seen.has(hash)) shared.add(hash);
        else seen.add(hash);
      }
    return shared;
  }

  async #firstWith(kind: EntryKind, id: string, dn: string): Promise<string> {
    const { layout, trees } = this.#place;
    const { rdn, marker } = layoutOf(layout, kind);
    const filter = libldapFilter(`(&${equal(rdn, id)}(objectClass=${marker}))`);
    const request = { base: treeOf(trees, kind), scope: layout.scope, filter, attributes: ['1.1'] };
    for await (const found of this.#session.search({ ...request, pageSize: 0 })) return found.dn;
    return dn;
  }

  async #isMember(kind: EnabledKind, form: EnabledGroup, member: string): Promise<boolean> {
    if (form.membersAre === 'dns' && form.members === 'member') {
      // Read once, where Keystone asks for each entry: the group may have as many members as there are users.
      const members = this.#members.get(kind) ?? this.#membersOf(kind, form);
      this.#members.set(kind, members);
      return (await members).has(member);
    }
    const request = {
      base: emulationGroupDn(kind, this.#place),
      scope: 'base',
      attributes: ['1.1'],
    } as const;
    const filter = libldapFilter(equal(form.members, member));
    let isThere = false;
    for await (const { dn } of this.#session.search({ ...request, filter })) isThere ||= dn !== '';
    return isThere;
  }

  async #membersOf(kind: EnabledKind, { members }: EnabledGroup): Promise<MemberSet> {
    const group = await this.#session.read(emulationGroupDn(kind, this.#place), [members]);
    return new MemberSet(group === undefined ? [] : valuesOf(group, members), 'dns');
  }
}
