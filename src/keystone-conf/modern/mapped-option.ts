import { isAttributeName } from '../../directory/libldap-filter.ts';
import type { ReleaseName } from '../../releases/catalogue.ts';
import { findOptionHistory, optionNameIn, optionStatus } from '../../releases/ldap-options.ts';
import { possibleHoldings } from '../../releases/modern.ts';
import type { Holding } from '../../releases/modern-layout.ts';
import type { OptionValue } from '../../releases/option-history.ts';
import type { Release } from '../../releases/release.ts';
import { optionStatusText } from './option-status-text.ts';
import { readTyped } from './oslo-value.ts';

export type MappedOptionReading =
  { readonly name: string; readonly value: OptionValue } | { readonly fault: string };

/** An option of `[ldap]` by which entries are found, as the release knows it. */
export function readMappedOption(given: string, text: string, release: ReleaseName): MappedOptionReading {
  const name = optionNameIn(release, given);
  const status = optionStatus(release, name);
  const history = findOptionHistory('ldap', name);
  if (history === undefined || (status.status !== 'known' && status.status !== 'backported'))
    return { fault: `${given} ${optionStatusText(status, release)}` };
  if (HAS_SETTING.test(name)) return { fault: `${given} has a setting of its own` };
  if (SEARCHED_BY.test(name) && text !== '' && !isAttributeName(text))
    return { fault: `${given}: "${text}" is not the name of one attribute` };
  const reading = readTyped(text, history.type, history.limits);
  return 'fault' in reading ? { fault: `${given}: ${reading.fault}` } : { name, value: reading.value };
}

const SEARCHED_BY = /_(?:id|name|member)_attribute$/;

const HAS_SETTING = /^(?:url|user|password|suffix|use_tls|tls_cacertfile|tls_req_cert|\w+_tree_dn)$/;

/** Why LDAP cannot hold this much, or this little, in a release. */
export function holdingFault({ title }: Release, name: ReleaseName, holding: Holding): string | undefined {
  return possibleHoldings(name).includes(holding) ? undefined : `${title} ${CANNOT_HOLD[holding]}`;
}

const CANNOT_HOLD: Readonly<Record<Holding, string>> = {
  identity: 'has one driver for everything: what holds its users holds its tenants and roles.',
  all: 'can keep no projects, roles and grants in LDAP.',
};
