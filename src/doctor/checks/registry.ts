import { dnKey, isDn, parentDn } from '../../directory/dn.ts';
import { ownedEntries } from '../../history/owned-entries.ts';
import { planStrikes, registriesAbove } from '../../history/registry-content.ts';
import type { DirectoryCheck } from './check.ts';

/** Whether the registry lists what is not there, or what others made: runs that were stopped leave such records. */
export const registry: DirectoryCheck = async function* ({ backend, config, session }) {
  // Keystone's own account often sees the trees alone.
  if (config === undefined) return;
  for (const content of await registriesAbove(
    config,
    Object.values(backend.trees).filter((dn): dn is string => dn !== undefined && isDn(dn)),
  )) {
    const { dn } = content;
    let looked = 0;
    const isAsked = (): boolean => (looked += 1) <= MOST_LOOKED_AT;
    const { others, missing } = await ownedEntries(config, dn, isAsked);
    const stale = new Set([...others, ...missing].map((one) => dnKey(one)));
    const strikes = planStrikes(content, (one) => stale.has(dnKey(one)));
    if (strikes.length === 0) continue;
    const suffix = parentDn(dn);
    yield {
      code: 'REGISTRY_STALE',
      severity: 'warning',
      subject: dn,
      message: `${strikes.length} of its records are out of date: they list ${missing.length} entries that do not exist and ${others.length} that others created, or nothing; undo and reset may stop at them`,
      remedy: `keystone-ldap reset --registry-only -H ${session.uri} -b '${suffix}' -D <the rootdn> -W`,
      count: strikes.length,
    };
  }
};

/** Each is one request. */
const MOST_LOOKED_AT = 1000;
