import { foldCase } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import { demandedBy } from '../class-attributes.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { MakeEntryCheck } from './check.ts';

/** An entry has what its class demands: where the account sees none of it, it has no right to. */
export const hiddenAttributes: MakeEntryCheck = ({ backend, kind, schema }) => {
  const { rdn, nameAttribute, members, marker } = layoutOf(backend.release.layout, kind);
  const needed = [rdn, nameAttribute, members].filter((name) => name !== undefined);
  const demanded = demandedBy(marker, schema);
  const hidden = new Map(
    needed.filter((name) => demanded.has(foldCase(name))).map((name) => [name, new Tally()]),
  );
  return {
    see(entry) {
      for (const [name, tally] of hidden) if (valuesOf(entry, name).length === 0) tally.add(entry.dn);
    },
    *findings(): Generator<Finding> {
      for (const [name, { count, text }] of hidden)
        if (count > 0)
          yield {
            code: 'ATTRIBUTE_HIDDEN',
            severity: 'error',
            subject: `${name} of ${kind}s below ${backend.trees[kind] ?? ''}`,
            count,
            message: `${marker} demands it, but the account of keystone.conf does not see it in ${text}; Keystone takes it for missing`,
            remedy:
              'Decide with the administrators of the directory whether Keystone may read it, and give its account "read" in olcAccess.',
          };
    },
  };
};
