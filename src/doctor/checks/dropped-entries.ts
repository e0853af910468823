import { foldCase, rdnOf } from '../../directory/dn.ts';
import { valuesOf, type Entry } from '../../directory/entry.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import type { EntryKind } from '../../releases/release.ts';
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
  const { release, trees } = backend;
  const { dropsNameless, lookup, entryWithoutId } = release.layout;
  const [noId, noName, several] = [new Tally(), new Tally(), new Tally()];
  return {
    see(entry) {
      const ids = valuesOf(entry, rdn);
      if (lookup === 'rdns' ? !isFoundById(entry, rdn) : ids.length === 0) noId.add(entry.dn);
      else if (ids.length > 1) several.add(entry.dn);
      if ((ids.length > 0 || entryWithoutId === 'listed') && (valuesOf(entry, name)[0] ?? '').trim() === '')
        noName.add(entry.dn);
    },
    *findings(): Generator<Finding> {
      const subject = `${kind}s below ${trees[kind] ?? ''}`;
      if (noId.count > 0 && lookup === 'rdns') yield notFoundById(noId, { subject, kind, rdn });
      else if (noId.count > 0)
        yield {
          ...{ code: 'ENTRY_NO_ID', severity: entryWithoutId === 'HTTP 404' ? 'error' : 'warning' },
          ...{ subject, count: noId.count },
          message: `without ${rdn} (${kind}_id_attribute): ${noId.text}; ${entryWithoutId === 'HTTP 404' ? `every list of ${kind}s with them ends in HTTP 404` : 'Keystone does not see them'}`,
          remedy: `Decide for each: give it a value of ${rdn}, or leave it out. Another ${kind}_id_attribute gives all ${kind}s other ids, with which they lose their roles.`,
        };
      if (noName.count > 0)
        yield {
          ...{ code: 'ENTRY_NO_NAME', severity: 'warning', subject, count: noName.count },
          message: `without ${name} (${kind}_name_attribute), or with a blank one: ${noName.text}; Keystone ${dropsNameless === true ? 'does not see them' : 'shows them without a name, and nobody finds them by it'}`,
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

/** Until Icehouse (2014.1) the value of the RDN is the id, and everything but a list searches for it in the attribute of ids. */
function isFoundById(entry: Entry, rdn: string): boolean {
  const { value } = rdnOf(entry.dn);
  return valuesOf(entry, rdn).some((id) => foldCase(id) === foldCase(value));
}

function notFoundById(
  { count, text }: Tally,
  { subject, kind, rdn }: { readonly subject: string; readonly kind: EntryKind; readonly rdn: string },
): Finding {
  return {
    ...{ code: 'ENTRY_NO_ID', severity: 'error', subject, count },
    message: `this Keystone uses the value of the RDN as the id, and then searches for it in ${rdn}, which is ${kind}_id_attribute; it lists these ${kind}s but does not find them by their ids${kind === 'user' ? ', so that they cannot log in' : ''}: ${text}`,
    remedy: `Decide which attribute of the entries has the value that is in their DNs, and set ${kind}_id_attribute to it.`,
  };
}

function isNamedByIt(dn: string | undefined, attribute: string): boolean {
  return dn !== undefined && rdnOf(dn).type.toLowerCase() === attribute.toLowerCase();
}
