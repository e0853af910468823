import { findInCatalogue, isSince, type ReleaseName } from '../../../src/releases/catalogue.ts';
import type { DriverSection } from '../../../src/releases/driver-options.ts';
import { factsTable, quoted } from './facts-table.ts';

/** How the `driver` of a section is written in a release, and whose driver it follows where it is not. */
export interface DriverFact {
  readonly ldap: string | undefined;
  readonly sql: string | undefined;
  readonly follows: string | undefined;
}

export function driverFact(release: ReleaseName, section: DriverSection): DriverFact {
  const column = section === 'identity' ? '`[identity] driver` for LDAP' : `\`[${section}] driver\``;
  const rows = factsTable('B1').filter((row) => isSince(release, firstRelease(row['release'] ?? '')));
  const cells = rows.map((row) => row[column] ?? '');
  const cell = cells.at(-1) ?? '';
  // "Same" as above.
  const whole = cell.startsWith('same')
    ? `${cells.findLast((one) => !one.startsWith('same')) ?? ''} ${cell}`
    : cell;
  const values = quoted(whole);
  const ldap = values.find((value) => /(?:^|\.)ldap(?:\.|$)/.test(value));
  const sql = values.find((value) => /(?:^|[.…])sql(?:\.|$)/.test(value));
  return {
    ldap,
    sql: sql?.startsWith('…') === true ? ldap?.replace('.ldap.', '.sql.') : sql,
    follows: /(?:follows(?: the)?|from) (identity|assignment)/.exec(whole)?.[1],
  };
}

function firstRelease(cell: string): ReleaseName {
  const found = findInCatalogue(/\d{4}\.\d|\d+/.exec(cell)?.[0] ?? '');
  if (found === undefined) throw new Error(`The facts name no release: ${cell}`);
  return found.name;
}
