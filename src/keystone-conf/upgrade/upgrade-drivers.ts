import type { ReleaseName } from '../../releases/catalogue.ts';
import {
  DRIVER_SECTIONS,
  driverKind,
  driverOption,
  isCurrentForm,
  isLoadable,
  servingSection,
  type DriverSection,
} from '../../releases/driver-options.ts';
import type { ConfDocument } from '../document/document.ts';
import { driverEdits, writtenDriver } from '../modern/driver-edits.ts';
import { findOptions } from '../document/option-value.ts';
import type { UpgradeNote, UpgradePart } from './upgrade-plan.ts';

/** The sections that the file decides on, and those of them that LDAP served so far. */
export interface UpgradedSections {
  readonly sections: readonly DriverSection[];
  readonly inLdap: ReadonlySet<DriverSection>;
}

/** LDAP goes on serving what it served, as far as the newer release lets it. */
export function upgradeDrivers(
  doc: ConfDocument,
  to: ReleaseName,
  { sections, inLdap }: UpgradedSections,
): UpgradePart {
  const isKept = (section: DriverSection) =>
    driverOption(to, servingSection(to, section))?.ldap !== undefined;
  const kept = new Set([...inLdap].filter(isKept));
  const lost = [...inLdap].filter((section) => !isKept(section));
  const edits = driverEdits(doc, to, kept, isCurrentForm);
  return {
    edits: edits.filter(({ section }) => sections.some((own) => own === section)),
    notes: [...removedNotes(lost, to), ...unknownNotes(doc, to)],
  };
}

const HELD: Readonly<Record<DriverSection, string>> = {
  identity: 'users and groups',
  assignment: 'grants',
  resource: 'projects',
  role: 'roles',
};

function removedNotes(lost: readonly DriverSection[], to: ReleaseName): readonly UpgradeNote[] {
  if (lost.length === 0) return [];
  const held = lost.map((section) => HELD[section]).join(', ');
  const message = `${to} has no LDAP driver for ${held}: move them from LDAP to SQL before the upgrade.`;
  return [{ code: 'DRIVER_REMOVED', message }];
}

/** A driver that is neither LDAP nor SQL is not ours to rename, but the release must be able to load it. */
function unknownNotes(doc: ConfDocument, to: ReleaseName): readonly UpgradeNote[] {
  return DRIVER_SECTIONS.flatMap((section): readonly UpgradeNote[] => {
    const option = driverOption(to, section);
    const written = writtenDriver(doc, section);
    if (option === undefined || written === undefined || driverKind(section, written) !== 'other') return [];
    const line = findOptions(doc, section, 'driver').at(-1)?.line ?? 0;
    const why = isLoadable(option, written) ? 'see whether it has it' : 'it takes short names only';
    const message = `[${section}] driver = ${written} is none of ${to}'s LDAP and SQL drivers: ${why}.`;
    return [{ code: 'DRIVER_UNKNOWN', message, line: line + 1 }];
  });
}
