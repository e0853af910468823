import { dnKey } from '../directory/dn.ts';
import { valuesOf, type Entry } from '../directory/entry.ts';
import type { Session } from '../directory/session.ts';
import { isDisabledBy, maskedNumber } from '../identities/enabled-mask.ts';
import { emulationGroupDn } from '../identities/emulation-group.ts';
import {
  ENABLED_KINDS,
  type EnabledKind,
  type EntryKind,
  type Layout,
  type Trees,
} from '../releases/release.ts';

/** Tells who is enabled, from an attribute or from the group of those who are. */
export class EnabledReader {
  readonly #session: Session;
  readonly #place: { readonly layout: Layout; readonly trees: Trees };
  readonly #groups = new Map<EntryKind, ReadonlySet<string>>();

  constructor(session: Session, place: { readonly layout: Layout; readonly trees: Trees }) {
    this.#session = session;
    this.#place = place;
  }

  async learn(): Promise<void> {
    for (const kind of ENABLED_KINDS) {
      const form = this.#place.layout[kind]?.enabled;
      if (form?.kind !== 'group') continue;
      const group = await this.#session.read(emulationGroupDn(kind, this.#place), [form.members]);
      const values = group === undefined ? [] : valuesOf(group, form.members);
      this.#groups.set(
        kind,
        new Set(form.membersAre === 'ids' ? values : values.map((value) => dnKey(value))),
      );
    }
  }

  isEnabled(kind: EntryKind, entry: Entry, id: string): boolean {
    const form = isSwitched(kind) ? this.#place.layout[kind]?.enabled : undefined;
    if (form === undefined || form.kind === 'always') return true;
    if (form.kind === 'group')
      return this.#groups.get(kind)?.has(form.membersAre === 'ids' ? id : dnKey(entry.dn)) === true;
    const [value] = valuesOf(entry, form.attribute);
    if (value === undefined) return form.absent ?? true;
    if (form.mask !== undefined) return !isDisabledBy(maskedNumber(value), form.mask);
    return value.toLowerCase() === form.enabled.toLowerCase();
  }
}

function isSwitched(kind: EntryKind): kind is EnabledKind {
  return ENABLED_KINDS.some((one) => one === kind);
}
