import { foldCase } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { equal } from '../../directory/filter.ts';
import { localId } from '../../identities/entries/local-id.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { Finding } from '../finding.ts';
import { listRequest } from '../list-request.ts';
import { Tally } from '../tally.ts';
import { textHash } from '../../hash-of.ts';
import type { EntryCheck, EntryPlace } from './check.ts';

/** Names and ids that are there twice. Of each only a hash is kept; who has it is asked for at the end. */
export const duplicates = (context: EntryPlace): EntryCheck => {
  const { backend, kind } = context;
  const layout = layoutOf(backend.release.layout, kind);
  const [names, ids] = [new Seen(), new Seen()];
  return {
    see(entry: Entry) {
      const id = localId(entry, layout, backend.release.layout.lookup);
      ids.see(id);
      const name = layout.nameAttribute === undefined ? undefined : valuesOf(entry, layout.nameAttribute)[0];
      if (name !== undefined) names.see(name);
    },
    async *findings(): AsyncGenerator<Finding> {
      if (names.twice.count > 0)
        yield {
          ...{ code: 'NAME_AMBIGUOUS', severity: 'error', count: names.twice.count },
          subject: `${kind}s below ${backend.trees[kind] ?? ''}`,
          message: `several entries share these names: ${names.twice.text} (${await holders(context, layout.nameAttribute ?? layout.rdn, names.twice)}); Keystone uses the first one that the server returns`,
          remedy: 'Decide which entry is meant, and rename the others.',
        };
      if (ids.twice.count > 0)
        yield {
          ...{ code: 'ID_AMBIGUOUS', severity: 'error', count: ids.twice.count },
          subject: `${kind}s below ${backend.trees[kind] ?? ''}`,
          message: `several entries share these IDs: ${ids.twice.text} (${await holders(context, layout.rdn, ids.twice)}); Keystone treats them as one ${kind}, with the roles of all`,
          remedy: `Decide who keeps the id, and give each of the others a ${layout.rdn} of its own.`,
        };
    },
  };
};

class Seen {
  readonly #hashes = new Set<number>();
  readonly twice = new Tally();

  see(value: string): void {
    const hash = textHash(foldCase(value));
    if (this.#hashes.has(hash)) this.twice.add(value);
    else this.#hashes.add(hash);
  }
}

/** The entries behind the first example. */
async function holders(
  { session, backend, kind }: EntryPlace,
  attribute: string,
  { examples }: Tally,
): Promise<string> {
  const { base, scope, attributes } = listRequest(
    kind,
    { layout: backend.release.layout, trees: backend.trees },
    ['1.1'],
  );
  const dns: string[] = [];
  const filter = equal(attribute, examples[0] ?? '');
  for await (const { dn } of session.search({ base, scope, attributes, filter, pageSize: 10 })) {
    if (dns.push(dn) === 3) break;
  }
  return dns.join('; ');
}
