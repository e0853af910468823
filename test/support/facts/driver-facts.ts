import type { ReleaseName } from '../../../src/releases/catalogue.ts';
import type { DriverSection } from '../../../src/releases/driver-options.ts';
import { readFacts, valueIn } from './read-facts.ts';

/** How the `driver` of a section is written in a release, and whose driver it follows where it is not. */
interface DriverFact {
  readonly ldap?: string;
  readonly sql?: string;
  readonly follows?: string;
}

const DRIVERS = readFacts('drivers.yaml') as Readonly<
  Record<DriverSection, Readonly<Partial<Record<ReleaseName, DriverFact>>>>
>;

export function driverFact(release: ReleaseName, section: DriverSection): DriverFact {
  return valueIn(DRIVERS[section], release) ?? {};
}
