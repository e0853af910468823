import { childDn, dnKey } from '../../directory/dn.ts';
import { layoutOf, treeOf } from '../../releases/layout-of.ts';
import { EntryTable } from './entry-table.ts';
import { FoldHash } from './fold-hash.ts';
import type { StreamTarget } from './stream-target.ts';
import type { Survey } from './survey-result.ts';
import { UserForm } from './user-form.ts';

/**
 * Reads the users once more for the DNs of their entries, and says of a DN whether it is one of them. They are held as
 * hashes: by chance, once in ten million trees, one DN too many is said to be declared, and none too few.
 */
export async function declaredDns(
  target: StreamTarget,
  { known }: Pick<Survey, 'known'>,
): Promise<(dn: string) => boolean> {
  const { release, trees, source } = target;
  const set = new DnSet();
  const form = new UserForm(release.layout, trees);
  for await (const users of source.users(() => undefined))
    for (const user of users) set.add(form.desired(user).dn);
  // Where a name is found under another id, its entry is there.
  const { rdn } = layoutOf(release.layout, 'user');
  for (const [key, id] of known.ids)
    if (key.startsWith('user ')) set.add(childDn(rdn, id, treeOf(trees, 'user')));
  for (const dn of known.dns.values()) set.add(dn);
  return (dn) => set.has(dn);
}

class DnSet {
  readonly #hash = new FoldHash();
  readonly #table = new EntryTable();

  add(dn: string): void {
    this.#table.observe(this.#print(dn));
  }

  has(dn: string): boolean {
    return this.#table.has(this.#print(dn));
  }

  #print(dn: string) {
    this.#hash.text(0, dnKey(dn));
    return { keyA: this.#hash.a, keyB: this.#hash.b, contentA: 0, contentB: 0 };
  }
}
