import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { isSince, type ReleaseName } from '../releases/catalogue.ts';
import { readOption, type OptionFault } from './default-section.ts';
import { optionSubject } from './option-place.ts';

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

/**
 * The first of `list_limit` that is set and not 0: in `[identity]` and `[DEFAULT]` of the file of the domain (Mitaka, 9.0.0),
 * then of the main file (Icehouse, 2014.1). One that is not a number makes every list HTTP 500.
 */
export function readListLimit(
  own: ConfDocument,
  main: ConfDocument,
  release: ReleaseName,
): ListLimit | OptionFault | undefined {
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

/** Nothing where it is not set, or is empty. */
function readIn(
  doc: ConfDocument,
  section: string,
): Pick<ListLimit, 'entries' | 'setBy'> | OptionFault | undefined {
  const reading = readOption(doc, [section, 'list_limit'], 'integer');
  if (reading === undefined || ('value' in reading && reading.value === undefined)) return undefined;
  const setBy = optionSubject(doc, section, 'list_limit');
  if ('fault' in reading) return { setBy, fault: reading.fault, option: 'list_limit' };
  return { setBy, entries: Number(reading.value) };
}
