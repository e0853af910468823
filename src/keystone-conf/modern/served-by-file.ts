import type { ReleaseName } from '../../releases/catalogue.ts';
import {
  driverKind,
  driverOption,
  servingSection,
  type DriverSection,
} from '../../releases/driver-options.ts';
import type { ConfDocument } from '../document/document.ts';
import { effectiveDriver, writtenDriver } from './driver-edits.ts';
import { usesLdap } from './modern-ldap.ts';

type Served = readonly Exclude<DriverSection, 'identity'>[];

const SECTIONS: Served = ['assignment', 'resource', 'role'];

/**
 * What LDAP holds besides users and groups if nobody says it: what it holds already with this file, and where the file
 * leaves that open, what is usual.
 */
export function servedByFile(doc: ConfDocument, release: ReleaseName, usual: Served): Served {
  if (driverOption(release, 'assignment') === undefined) return usual;
  const isUsed = usesLdap(doc, release);
  return SECTIONS.filter((section) => {
    if (servingSection(release, section) !== section) return false;
    if (driverOption(release, section)?.ldap === undefined) return false;
    if (isUsed) return effectiveDriver(doc, release, section) === 'ldap';
    const kind = writtenKind(doc, release, section);
    return kind === undefined ? usual.includes(section) : kind === 'ldap';
  });
}

/** As the file sets it, by itself or by the driver that it follows. */
function writtenKind(doc: ConfDocument, release: ReleaseName, section: DriverSection): string | undefined {
  const written = writtenDriver(doc, section);
  if (written !== undefined) return driverKind(section, written);
  const unset = driverOption(release, section)?.unset;
  const follows = typeof unset === 'object' && unset.follows !== 'identity' ? unset.follows : undefined;
  return follows === undefined ? undefined : writtenKind(doc, release, follows);
}
