import { valuesOf } from '../../directory/entry.ts';
import { isText } from '../../directory/octets.ts';
import { isSince } from '../../releases/catalogue.ts';
import { layoutOf } from '../../releases/layout-of.ts';
import { Tally } from '../tally.ts';
import type { MakeEntryCheck } from './check.ts';

/** The release that made GUIDs of 16 bytes; any others end the whole list (seen with 22). */
const GUIDS_SINCE = 'victoria';

/** Ids that are no text, such as Active Directory's objectGUID. */
export const binaryIds: MakeEntryCheck = ({ backend, kind }) => {
  const { release, releaseName, trees } = backend;
  const { rdn } = layoutOf(release.layout, kind);
  const binary = new Tally();
  return {
    see(entry) {
      if (valuesOf(entry, rdn).some((value) => !isText(value))) binary.add(entry.dn);
    },
    *findings() {
      if (binary.count === 0 || releaseName === undefined) return;
      yield {
        ...{ code: 'ID_BINARY', severity: 'error', subject: `${kind}s below ${trees[kind] ?? ''}` },
        count: binary.count,
        message: `a ${rdn} that is no text have ${binary.text}; Keystone ${isSince(releaseName, GUIDS_SINCE) ? 'shows 16 bytes as a GUID, by which it finds nobody, and where there are others it fails' : 'fails'} at listing the ${kind}s`,
        remedy: `Decide which attribute that holds text is to be ${kind}_id_attribute.`,
      };
    },
  };
};
