import type { ReleaseName } from '../../releases/catalogue.ts';
import {
  DRIVER_SECTIONS,
  driverKind,
  driverOption,
  isLoadable,
  servingSection,
  type DriverKind,
  type DriverOption,
  type DriverSection,
} from '../../releases/driver-options.ts';
import { applyEdits, type ConfEdit } from '../document/conf-edit.ts';
import type { ConfDocument } from '../document/document.ts';
import { optionValue } from '../document/option-value.ts';
import { osloEdit } from './oslo-edit.ts';
import { readOsloValue } from './oslo-value.ts';

const DRIVER = 'driver';

/** The driver as the file sets it; `undefined` where it does not. */
export function writtenDriver(doc: ConfDocument, section: DriverSection): string | undefined {
  const read = optionValue(doc, section, DRIVER);
  const reading = read === undefined ? undefined : readOsloValue(read, 'string');
  return reading !== undefined && 'value' in reading && typeof reading.value === 'string'
    ? reading.value
    : read;
}

/**
 * What holds the section's data in this release with this file: an unset driver may follow that of another section,
 * so that LDAP for users alone takes projects and roles along.
 */
export function effectiveDriver(doc: ConfDocument, release: ReleaseName, section: DriverSection): DriverKind {
  const serving = servingSection(release, section);
  const written = writtenDriver(doc, serving);
  if (written !== undefined) return driverKind(serving, written);
  const unset = driverOption(release, serving)?.unset ?? 'none';
  return typeof unset === 'string' ? unset : effectiveDriver(doc, release, unset.follows);
}

/**
 * The edits after which LDAP holds the data of just these sections; a driver that is neither LDAP nor SQL stays
 * where LDAP is not wanted. A form that does not do is written in the release's own.
 * @throws `CONF_INVALID`
 */
export function driverEdits(
  doc: ConfDocument,
  release: ReleaseName,
  ldap: ReadonlySet<DriverSection>,
  formDoes: (option: DriverOption, written: string) => boolean = isLoadable,
): readonly ConfEdit[] {
  const edits: ConfEdit[] = [];
  for (const section of DRIVER_SECTIONS) {
    const option = driverOption(release, section);
    const edited = applyEdits(doc, edits);
    if (option === undefined) continue;
    const kind = effectiveDriver(edited, release, section);
    const wanted = ldap.has(section) ? option.ldap : kind === 'other' ? undefined : option.sql;
    const written = writtenDriver(edited, section);
    const fits = ldap.has(section) ? kind === 'ldap' : kind === 'sql';
    if (wanted === undefined || (fits && (written === undefined || formDoes(option, written)))) continue;
    const edit = osloEdit(edited, section, DRIVER, { value: wanted });
    if (edit !== undefined) edits.push(edit);
  }
  return edits;
}
