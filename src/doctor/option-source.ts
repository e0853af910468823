import type { ConfDocument } from '../keystone-conf/document/document.ts';
import { findOptions } from '../keystone-conf/document/option-value.ts';
import { optionSubject } from './option-place.ts';

/** What is known of the file that names classes and attributes. */
export interface OptionSource {
  /** ` (FILE:LINE: [ldap] option = value)` */
  readonly where: (option: string) => string;
  readonly isSet: (option: string) => boolean;
}

export function optionSource(doc: ConfDocument): OptionSource {
  return {
    where: (option) => ` (${optionSubject(doc, 'ldap', option)})`,
    isSet: (option) => findOptions(doc, 'ldap', option).length > 0,
  };
}
