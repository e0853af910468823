import { rdnOf } from '../../directory/dn.ts';
import { valuesOf } from '../../directory/entry.ts';
import { isSince } from '../../releases/catalogue.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { EntryCheck, EntryContext, MakeEntryCheck } from './check.ts';

/** Entries that Keystone passes over, or takes for another than they are meant to be. */
export const droppedEntries: MakeEntryCheck = (context) =>
  // In 2011 the id is in the DN, whatever the entry has.
  context.backend.release.legacy === undefined
    ? dropped(context)
    : { see: () => undefined, findings: () => [] };

function dropped({ backend, kind }: EntryContext): EntryCheck {
  const { rdn, nameAttribute } = layoutOf(backend.release.layout, kind);
  const name = nameAttribute ?? rdn;
  const { releaseName, trees } = backend;
  const dropsNameless = releaseName !== undefined && isSince(releaseName, 'pike');
  const [noId, noName, several] = [new Tally(), new Tally(), new Tally()];
  return {
    see(entry) {
      const ids = valuesOf(entry, rdn);
      if (ids.length === 0) noId.add(entry.dn);
      else if (ids.length > 1) several.add(entry.dn);
      if (ids.length > 0 && (valuesOf(entry, name)[0] ?? '').trim() === '') noName.add(entry.dn);
    },
    *findings(): Generator<Finding> {
      const subject = `${kind}s below ${trees[kind] ?? ''}`;
      if (noId.count > 0)
        yield {
          ...{ code: 'ENTRY_NO_ID', severity: 'warning', subject, count: noId.count },
          message: `without ${rdn}, which is ${kind}_id_attribute, are ${noId.text}; Keystone does not see them`,
          remedy: `Decide for each: give it a value of ${rdn}, or leave it out. Another ${kind}_id_attribute gives all ${kind}s other ids, with which they lose their roles.`,
        };
      if (noName.count > 0)
        yield {
          ...{ code: 'ENTRY_NO_NAME', severity: 'warning', subject, count: noName.count },
          message: `without ${name}, which is ${kind}_name_attribute, or with a blank one, are ${noName.text}; Keystone ${dropsNameless ? 'does not see them' : 'shows them without a name, and nobody finds them by it'}`,
          remedy: `Decide which attribute holds the names: give each a value of ${name}, or name another one in ${kind}_name_attribute.`,
        };
      if (several.count > 0)
        yield {
          ...{ code: 'ID_SEVERAL', severity: 'warning', subject, count: several.count },
          message: `more than one ${rdn} have ${several.text}; Keystone takes the one of the DN${isNamedByIt(several.examples[0], rdn) ? '' : ', where there is one, else any'}`,
          remedy: `Decide which value of ${rdn} is the id, and keep that one.`,
        };
    },
  };
}

function isNamedByIt(dn: string | undefined, attribute: string): boolean {
  return dn !== undefined && rdnOf(dn).type.toLowerCase() === attribute.toLowerCase();
}
