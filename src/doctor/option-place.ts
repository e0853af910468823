import { placeOf, type ConfDocument } from '../keystone-conf/document/document.ts';
import { findOptions, optionValue } from '../keystone-conf/document/option-value.ts';

/** Where the value that counts is written: `FILE:LINE`, or the file alone if it leaves the option out. */
export function optionPlace(doc: ConfDocument, section: string, option: string): string {
  const file = doc.file ?? 'keystone.conf';
  const found = doc.problems.length > 0 ? undefined : findOptions(doc, section, option).at(-1);
  if (found === undefined) return file;
  const place = placeOf(doc, found.line);
  return `${place.file ?? file}:${place.line}`;
}

/** The same with the option, and with its value if the file sets it. Not for passwords. */
export function optionSubject(doc: ConfDocument, section: string, option: string): string {
  const value = doc.problems.length > 0 ? undefined : optionValue(doc, section, option);
  const text = value === undefined ? '' : ` = ${value.replaceAll('\n', ' ')}`;
  return `${optionPlace(doc, section, option)}: [${section}] ${option}${text}`;
}
