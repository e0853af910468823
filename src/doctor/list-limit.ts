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

/**
 * The first of `list_limit` that is set and not 0: in `[identity]` and `[DEFAULT]` of the file of the domain (Mitaka, 9.0.0),
 * then of the main file (Icehouse, 2014.1). One that is not a number makes every list HTTP 500, and no login.
 */
export function readListLimit(
  own: ConfDocument,
  main: ConfDocument,
  release: ReleaseName,
): ListLimit | { readonly fault: string } | undefined {
  if (!isSince(release, '2014.1')) return undefined;
  const isNew = isSince(release, 'mitaka');
  for (const doc of isNew ? new Set([own, main]) : [main])
    for (const section of ['identity', 'DEFAULT']) {
      const written = doc.problems.length > 0 ? undefined : optionValue(doc, section, 'list_limit');
      if (written === undefined) continue;
      const setBy = `${doc.file ?? 'keystone.conf'}: [${section}] list_limit`;
      const reading = readOsloValue(written, 'integer', undefined, (name) => optionValue(doc, section, name));
      if ('fault' in reading) {
        if (written === '') continue;
        return { fault: `${setBy}: ${reading.fault}` };
      }
      const entries = Number(reading.value);
      if (entries > 0) return { entries, setBy, cuts: isNew ? 'answer' : 'list' };
    }
  return undefined;
}
