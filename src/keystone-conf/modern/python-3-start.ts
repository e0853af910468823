import { isSince, type ReleaseName } from '../../releases/catalogue.ts';
import { isText } from '../document/conf-line.ts';
import { placeOf, type ConfDocument } from '../document/document.ts';

/** A line at which Keystone does not start, though it may be a comment. */
export interface BadLine {
  readonly file: string | undefined;
  readonly line: number;
}

/**
 * The first line of each file with a byte that is not UTF-8: Python 3 decodes a file before it parses it. Keystone runs on
 * it from Ussuri on; before, from Newton on, it may also run on Python 2, which does not mind.
 */
export function undecodableLines(doc: ConfDocument): readonly BadLine[] {
  const found = new Map<string | undefined, BadLine>();
  doc.lines.forEach(({ text }, index) => {
    if (isText(text)) return;
    const place = placeOf(doc, index);
    if (!found.has(place.file)) found.set(place.file, place);
  });
  return [...found.values()];
}

/** Whether the release knows Python 3 at all, and whether it knows nothing else. */
export function pythonOf(release: ReleaseName): '2' | '2 or 3' | '3' {
  if (isSince(release, 'ussuri')) return '3';
  return isSince(release, 'newton') ? '2 or 3' : '2';
}
