import { KeystoneLdapError } from '../errors.ts';
import { releaseIndex, type ReleaseName } from '../releases/catalogue.ts';
import { DRIVER_SECTIONS } from '../releases/driver-options.ts';
import { applyEdits, type ConfEdit } from './conf-edit.ts';
import type { ConfDocument } from './document.ts';
import { effectiveDriver } from './driver-edits.ts';
import { pinnedDefaults } from './upgrade-defaults.ts';
import { upgradeDrivers } from './upgrade-drivers.ts';
import { upgradeOptions } from './upgrade-options.ts';
import { upgradePlugins } from './upgrade-plugins.ts';

export interface UpgradePlan {
  /** Empty where nothing is left to do. */
  readonly edits: readonly ConfEdit[];
  readonly notes: readonly UpgradeNote[];
}

/** Something that the newer release does differently and that no edit can make up for. */
export interface UpgradeNote {
  readonly code:
    | 'OPTION_UNKNOWN'
    | 'OPTION_NOT_YET'
    | 'OPTION_BEGINS'
    | 'OPTION_DEPRECATED'
    | 'OPTION_BACKPORTED'
    | 'DRIVER_REMOVED'
    | 'DRIVER_UNKNOWN'
    | 'TOKEN_PROVIDER_REMOVED'
    | 'PLUGIN_REMOVED'
    | 'PLUGIN_UNKNOWN'
    | 'PASTE_LEFT'
    | 'PLACEHOLDER_LEFT';
  readonly message: string;
  /** Counts from 1. */
  readonly line?: number;
}

/**
 * The edits after which the newer release finds what the older one found: options under their new names, those that
 * are gone as comments, defaults that changed written down as they were, drivers in the form that it loads.
 * A domain's own file has no say in where projects, roles and grants are.
 * @throws `USAGE` where `to` is older, `CONF_INVALID`
 */
export function upgradeConf(
  doc: ConfDocument,
  from: ReleaseName,
  to: ReleaseName,
  kind: 'main file' | 'domain file' = 'main file',
): UpgradePlan {
  if (releaseIndex(to) < releaseIndex(from))
    throw new KeystoneLdapError(
      'USAGE',
      `${to} is older than ${from}: a configuration is only brought forward.`,
    );
  const sections = kind === 'main file' ? DRIVER_SECTIONS : (['identity'] as const);
  const inLdap = new Set(sections.filter((section) => effectiveDriver(doc, from, section) === 'ldap'));
  const drivers = upgradeDrivers(doc, to, { sections, inLdap });
  const plugins = upgradePlugins(doc, to);
  const options = upgradeOptions(doc, from, to);
  const named = applyEdits(doc, options.edits);
  const pinned = pinnedDefaults({ before: doc, after: named, inLdap }, from, to);
  return {
    edits: [...drivers.edits, ...plugins.edits, ...options.edits, ...pinned],
    notes: [...drivers.notes, ...plugins.notes, ...options.notes],
  };
}
