import { childDn } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import { libldapFilter } from '../../directory/libldap-filter.ts';
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

type EnabledGroup = Extract<EnabledForm, { kind: 'group' }>;

/** Whom Keystone treats as enabled: by an attribute and its default, by a mask, or by the group that emulates it. */
export class EnabledModel {
  readonly #session: Session;
  readonly #place: EnabledPlace;
  readonly #members = new Map<EnabledKind, Promise<MemberSet>>();
  readonly #exists = new Map<EnabledKind, Promise<boolean>>();

  constructor(session: Session, place: EnabledPlace) {
    this.#session = session;
    this.#place = place;
  }

  /** The id is the one by which Keystone knows the entry. */
  async isEnabled(kind: EnabledKind, entry: Entry, id: string): Promise<boolean> {
    const { enabled } = layoutOf(this.#place.layout, kind);
    if (enabled.kind === 'group') return await this.#isMember(kind, enabled, this.memberFor(kind, entry, id));
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

  /** The value that Keystone looks for in the group. With `query_scope = one` it computes the DN and does not search. */
  memberFor(kind: EntryKind, entry: Entry, id: string): string {
    const { layout, trees } = this.#place;
    const { rdn, enabled } = layoutOf(layout, kind);
    if (enabled.kind === 'group' && enabled.membersAre === 'ids') return id;
    return layout.scope === 'sub' ? entry.dn : childDn(rdn, id, treeOf(trees, kind));
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
