import type { ConfDocument } from '../keystone-conf/document.ts';
import { optionValue } from '../keystone-conf/option-value.ts';
import { readOsloValue } from '../keystone-conf/oslo-value.ts';
import { isSince, type ReleaseName } from '../releases/catalogue.ts';

/** How many users or groups one list of Keystone has at most. */
export interface ListLimit {
  readonly entries: number;
  /** `[identity] list_limit`, and the file. */
  readonly setBy: string;
  /**
   * From Mitaka on (9.0.0) the server is asked for one entry more, those without a name then drop out, and a list
   * that is short because of that is not marked as truncated. Before that Keystone cuts the whole list.
   */
  readonly cuts: 'answer' | 'list';
}

/** What a file sets that is not a number, and where that makes Keystone fail. */
export interface ListLimitFault {
  readonly fault: string;
  readonly setBy: string;
}

/**
 * The first of `list_limit` that is set and not 0: in `[identity]` and `[DEFAULT]` of the file of the domain (Mitaka, 9.0.0),
 * then of the main file (Icehouse, 2014.1). One that is not a number makes every list HTTP 500.
 */
export function readListLimit(
  own: ConfDocument,
  main: ConfDocument,
  release: ReleaseName,
): ListLimit | ListLimitFault | undefined {
  if (!isSince(release, '2014.1')) return undefined;
  const isNew = isSince(release, 'mitaka');
  for (const doc of isNew ? new Set([own, main]) : [main])
    for (const section of ['identity', 'DEFAULT']) {
      const read = readIn(doc, section);
      if (read !== undefined && 'fault' in read) return read;
      if (read !== undefined && read.entries > 0) return { ...read, cuts: isNew ? 'answer' : 'list' };
    }
  return undefined;
}

/** Every login to a project reads all of `[DEFAULT]` of the main file for the catalogue (Icehouse, 2014.1). */
export function projectLoginFault(main: ConfDocument, release: ReleaseName): ListLimitFault | undefined {
  const read = isSince(release, '2014.1') ? readIn(main, 'DEFAULT') : undefined;
  return read !== undefined && 'fault' in read ? read : undefined;
}

/** Nothing where it is not set, or is empty. */
function readIn(
  doc: ConfDocument,
  section: string,
): Pick<ListLimit, 'entries' | 'setBy'> | ListLimitFault | undefined {
  const written = doc.problems.length > 0 ? undefined : optionValue(doc, section, 'list_limit');
  if (written === undefined || written === '') return undefined;
  const setBy = `${doc.file ?? 'keystone.conf'}: [${section}] list_limit`;
  const reading = readOsloValue(written, 'integer', undefined, (name) => optionValue(doc, section, name));
  return 'fault' in reading ? { setBy, fault: reading.fault } : { setBy, entries: Number(reading.value) };
}
