import { valuesOf } from '../../directory/entry.ts';
import { localId } from '../../identities/entries/local-id.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import { isTooLong, LONGEST_NAME, longestId } from '../database-limits.ts';
import type { Finding } from '../finding.ts';
import { Tally } from '../tally.ts';
import type { MakeEntryCheck } from './check.ts';

/** Ids and names for which Keystone's database or its addresses have no place. */
export const lengths: MakeEntryCheck = ({ backend, kind }) => {
  const { release, releaseName, ids: shown, trees } = backend;
  const layout = layoutOf(release.layout, kind);
  const isMapped = shown.kind !== 'local';
  const longest = longestId(shown, releaseName);
  const [longIds, longNames, slashes] = [new Tally(), new Tally(), new Tally()];
  return {
    see(entry) {
      const id = localId(entry, layout, release.layout.lookup);
      const name = layout.nameAttribute === undefined ? id : (valuesOf(entry, layout.nameAttribute)[0] ?? '');
      if (isTooLong(id, longest)) longIds.add(entry.dn);
      if (kind === 'user' && isTooLong(name, LONGEST_NAME)) longNames.add(entry.dn);
      if (!isMapped && id.includes('/')) slashes.add(entry.dn);
    },
    *findings(): Generator<Finding> {
      const cannot = kind === 'user' ? 'their logins end in HTTP 500' : 'roles cannot be given to them';
      const effect = isMapped ? `Keystone has to keep them, and fails at every list of ${kind}s` : cannot;
      const subject = `${kind}s below ${trees[kind] ?? ''}`;
      if (longIds.count > 0)
        yield {
          ...{ code: 'ID_TOO_LONG', severity: 'error', subject, count: longIds.count },
          message: `ids of more than ${longest} characters have ${longIds.text}; ${effect}`,
          remedy: `Decide which attribute with shorter values is to be ${kind}_id_attribute; it gives all ${kind}s other ids, with which they lose their roles.`,
        };
      if (longNames.count > 0)
        yield {
          ...{ code: 'NAME_TOO_LONG', severity: 'error', subject, count: longNames.count },
          message: `names of more than ${LONGEST_NAME} characters have ${longNames.text}; Keystone cannot store them, and a login of each ends in HTTP 400`,
          remedy: `Decide for each: shorten ${layout.nameAttribute ?? layout.rdn}, or name another attribute in ${kind}_name_attribute.`,
        };
      if (slashes.count > 0)
        yield {
          ...{ code: 'ID_SLASH', severity: 'warning', subject, count: slashes.count },
          message: `a "/" in their ids have ${slashes.text}; the id cannot stand in an address of Keystone's API (HTTP 404)`,
          remedy:
            'Decide whether to rename them, or to give LDAP a domain of its own, where ids are hashes; in either case they get other ids, with which they lose their roles.',
        };
    },
  };
};
