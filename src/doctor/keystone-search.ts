import { hasObjectClass, type Entry } from '../directory/entry.ts';
import type { Filter } from '../directory/filter.ts';
import type { SearchRequest, Session } from '../directory/session.ts';
import { layoutOf, mappedAttributes, treeOf } from '../releases/layout-of.ts';
import type { EntryKind, EntryLayout, Layout, Trees } from '../releases/release.ts';
import { keystoneFilter } from './list-request.ts';

/** The two ways in which Keystone gets at entries: a read of a DN that it computed, and a search below a tree. */
export class KeystoneSearch {
  readonly #session: Session;
  readonly #layout: Layout;
  readonly #trees: Trees;
  readonly #attributes: readonly string[];

  constructor(session: Session, { layout, trees }: { readonly layout: Layout; readonly trees: Trees }) {
    this.#session = session;
    this.#layout = layout;
    this.#trees = trees;
    this.#attributes = mappedAttributes(layout);
  }

  /** The entry with this DN, if it has the class that Keystone looks for. */
  async byDn(dn: string, { marker }: EntryLayout): Promise<Entry | undefined> {
    const entry = await this.#session.read(dn, this.#attributes);
    return entry !== undefined && hasObjectClass(entry, marker) ? entry : undefined;
  }

  async inTree(kind: EntryKind, condition: Filter): Promise<readonly Entry[]> {
    const layout = layoutOf(this.#layout, kind);
    const filter = keystoneFilter(layout, `${condition}${layout.filter ?? ''}`);
    const base = treeOf(this.#trees, kind);
    const { scope } = this.#layout;
    return await this.collect({ base, scope, filter, attributes: this.#attributes });
  }

  async collect(request: SearchRequest): Promise<readonly Entry[]> {
    const entries: Entry[] = [];
    for await (const entry of this.#session.search(request)) entries.push(entry);
    return entries;
  }
}
